import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// The sources run as they are. A tsconfig.json of the folder that precopy happens to be called in has no say in that; the one beside this file
// spares each new object a store of `undefined` into every field, after which V8 would not know any more of what kind the field is.
register({ tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)) });
