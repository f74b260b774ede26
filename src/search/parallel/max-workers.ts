/** Most threads that one search can have. */
export const maxThreads = 63;
