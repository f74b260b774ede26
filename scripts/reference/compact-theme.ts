import {
  type CommentTag,
  type DeclarationReflection,
  type Reflection,
  ReflectionKind,
  type SignatureReflection,
} from 'typedoc';
import { type MarkdownPageEvent, MarkdownTheme, MarkdownThemeContext } from 'typedoc-plugin-markdown';

/** Renders a signature and its docstring, without what the signature shows already; methods are a list. */
export class CompactTheme extends MarkdownTheme {
  override getRenderContext(page: MarkdownPageEvent<Reflection>): MarkdownThemeContext {
    return new CompactContext(this, page, this.application.options);
  }
}

type Partials = MarkdownThemeContext['partials'];

class CompactContext extends MarkdownThemeContext {
  override partials = compact(this, this.partials);
}

function compact(context: MarkdownThemeContext, base: Partials): Partials {
  const inline = (markdown: string): string => markdown.replaceAll(/\s*\n\s*/g, ' ').trim();
  const textOf = (signature: SignatureReflection): string =>
    inline(base.signatureTitle(signature).replaceAll(/^```ts|```$/g, ''))
      .replace(/^abstract /, '')
      .replace('( ', '(')
      .replace(' )', ')')
      .replace(/;$/, '');
  const tagText = ({ tag, content }: CommentTag): string =>
    tag === '@throws' ? `Throws ${inline(context.helpers.getCommentParts(content))}.` : '';

  /** Returns the docstring of a method on one line, with its errors. */
  const describe = ({ comment }: SignatureReflection): string =>
    [inline(context.helpers.getCommentParts(comment?.summary ?? [])), ...(comment?.blockTags ?? []).map(tagText)]
      .filter((text) => text !== '')
      .join(' ');

  const methodItem = (signature: SignatureReflection): string => {
    const description = describe(signature);
    return `* \`${textOf(signature)}\`${description === '' ? '' : `: ${description}`}`;
  };

  const parameterItems = (signature: SignatureReflection): string[] =>
    (signature.parameters ?? [])
      .filter(({ comment }) => comment !== undefined)
      .map(({ name, comment }) => `* \`${name}\`: ${inline(context.helpers.getCommentParts(comment?.summary ?? []))}`);

  return {
    ...base,
    inheritance: () => '',
    hierarchy: () => '',
    memberWithGroups: (model, options) =>
      base.memberWithGroups(Object.assign(model, { implementedTypes: undefined }), options),
    signatureReturns: () => '',
    comment: (model, options) => base.comment(model, { ...options, headingLevel: undefined as never }),
    signature: (model, options) => {
      const comment = model.comment ?? (options.multipleSignatures ? undefined : model.parent.comment);
      return [
        options.hideTitle ? '' : base.signatureTitle(model),
        comment === undefined ? '' : context.partials.comment(comment, { showTags: false, showSummary: true }),
        parameterItems(model).join('\n'),
        comment === undefined ? '' : context.partials.comment(comment, { showTags: true, showSummary: false }),
      ]
        .filter((part) => part.trim() !== '')
        .join('\n\n');
    },
    members: (model: DeclarationReflection[], options) =>
      model.every(({ kind, parent }) => kind === ReflectionKind.Method && !parent?.isProject())
        ? model.flatMap(({ signatures = [] }) => signatures.map(methodItem)).join('\n')
        : base.members(model, options),
  };
}
