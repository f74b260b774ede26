/** The names of the formats, for those who list them and need no renderer for that. */
export const formatNames = ['columns', 'json', 'mermaid'] as const;

export type FormatName = (typeof formatNames)[number];
