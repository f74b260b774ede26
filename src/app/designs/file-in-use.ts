/** The file of a design that this thread loads, or loaded last: what happens outside of any call may be its doing. */
export const fileInUse: { name: string | undefined; isLoading: boolean } = { name: undefined, isLoading: false };
