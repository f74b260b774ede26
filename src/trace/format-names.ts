/** The names of the formats, for those who list them and need no renderer for that. */
export const textFormatNames = ['columns', 'json', 'mermaid', 'itf'] as const;
export const formatNames = [...textFormatNames, 'perfetto'] as const;

export type TextFormatName = (typeof textFormatNames)[number];
export type FormatName = (typeof formatNames)[number];
