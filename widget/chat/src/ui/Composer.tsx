/** Where the visitor writes: a field that grows, files by button, paste or drop, and a draft that is never lost. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { draftKey } from "../drafts";
import { useUploads } from "../uploads";
import { plural, type Language } from "../words";
import { Icon } from "./icons";
import { UploadRow } from "./UploadRow";

interface Props {
  chat: Chat;
  language: Language;
  field: RefObject<HTMLTextAreaElement>;
}

export function Composer({ chat, language, field }: Props) {
  const { words } = language;
  const { drafts } = chat;
  const { config, loaded } = chat.state;
  const key = draftKey(config?.site ?? "");
  const [text, setText] = useState("");
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = useUploads(chat, language);
  const excess = [...text].length - (config?.max_text ?? 10_000);
  const ready = !uploads.busy && excess <= 0 && (text.trim() !== "" || uploads.list.some((one) => one.stored));

  useEffect(() => {
    if (config) setText((now) => now || drafts.get(key) || "");
  }, [!config, loaded]);

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "0";
    area.style.height = Math.min(area.scrollHeight, 140) + "px";
  }, [text]);

  useEffect(() => {
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    const hover = (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => !event.relatedTarget && setOver(false);
    const drop = (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(false);
      uploads.add(event.dataTransfer?.files ?? []);
    };
    addEventListener("dragover", hover);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", hover);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [config]);

  const write = (next: string) => {
    setText(next);
    drafts.set(key, next);
    if (next.trim()) chat.typing.press();
    else chat.typing.stop();
  };

  const send = () => {
    if (!ready) return;
    chat.write(text.trim(), uploads.take());
    setText("");
    drafts.remove(key);
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // 229 is what Safari reports for the Enter that ends an input method's composition.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  const onPaste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    uploads.add(files);
  };

  const onPick = (event: Event & { currentTarget: HTMLInputElement }) => {
    uploads.add(event.currentTarget.files ?? []);
    event.currentTarget.value = "";
    field.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {over && <p class="dropping">{words.drop}</p>}
      {uploads.list.length > 0 && (
        <ul class="uploads">
          {uploads.list.map((one) => (
            <UploadRow key={one.key} upload={one} language={language} retry={() => uploads.retry(one)} remove={() => uploads.remove(one.key)} />
          ))}
        </ul>
      )}
      {excess > 0 && <p class="error" role="alert">{plural(words.tooLong, excess, language.tag)}</p>}
      <div class="line">
        <input ref={picker} type="file" hidden multiple accept={config?.file_types.join(",")} onChange={onPick} />
        <button type="button" class="plain" aria-label={words.attach} title={words.attach} disabled={!config} onClick={() => picker.current?.click()}>
          <Icon name="attach" />
        </button>
        <textarea
          ref={field}
          rows={1}
          dir={text ? "auto" : language.dir}
          aria-label={words.message}
          placeholder={words.write}
          enterkeyhint="send"
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => chat.typing.stop()}
        />
        <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={!ready}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
