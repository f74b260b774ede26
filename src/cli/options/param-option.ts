import { PrecopyError } from '../../model/errors.ts';

type Params = Readonly<Record<string, number>>;

/** Returns a parser of a repeatable option that sets parameters of a design: `--param rms=5`. */
export const parseParam =
  (option: string) =>
  (text: string, params: Params = {}): Params => {
    const [, name, value] = /^([\w-]+)=(\d+)$/.exec(text) ?? [];
    if (name === undefined) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${option} is '${text}'`,
        `give a name and a whole number, such as ${option} rms=5`,
      );
    }
    return { ...params, [name]: Number(value) };
  };
