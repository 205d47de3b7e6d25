// Two short notes made on the spot: no file, no download.

const NOTES = [659.25, 880];
const EVERY = 1500;
let context: AudioContext | null = null;
let playedAt = 0;

/** Browsers let a page sound only after a touch or a key: wake the sound then, so that it is there when it is needed. */
export function wakeChime(): void {
  if (context?.state === "suspended") void context.resume();
}

/** Play it; at most once in a while, however much comes at once. Silent where the browser does not allow it yet. */
export function chime(): void {
  const at = Date.now();
  if (typeof AudioContext === "undefined" || at - playedAt < EVERY) return;
  playedAt = at;
  context ??= new AudioContext();
  wakeChime();
  NOTES.forEach((frequency, index) => note(context as AudioContext, frequency, index * 0.13));
}

function note(audio: AudioContext, frequency: number, after: number): void {
  const begin = audio.currentTime + 0.02 + after;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(0.12, begin + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.32);
  tone.connect(volume).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + 0.35);
}
