/** What engine.io-client asks of its surroundings, as every browser of today has it. */
export const nextTick = (act: () => void): void => queueMicrotask(act);
export const globalThisShim = self;
export const defaultBinaryType = "arraybuffer";
export const createCookieJar = (): void => undefined;
