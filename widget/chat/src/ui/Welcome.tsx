/** The first thing a visitor sees: a greeting and questions that can be asked with one press. No form. */
import type { Config } from "../types";
import type { Words } from "../words";

interface Props {
  config: Config;
  words: Words;
  fresh: boolean;
  ask: (text: string) => void;
}

export function Welcome({ config, words, fresh, ask }: Props) {
  return (
    <div class="welcome">
      {config.greeting && (
        <p class="greeting" dir="auto">
          {config.greeting}
        </p>
      )}
      {fresh && config.suggestions.length > 0 && (
        <ul aria-label={words.suggestions}>
          {config.suggestions.map((text) => (
            <li key={text}>
              <button type="button" class="suggestion" dir="auto" onClick={() => ask(text)}>
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
