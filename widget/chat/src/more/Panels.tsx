/** Which of the questions stands above the composer now. None before the visitor's own. */
import { useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { Language } from "../words";
import type { More } from "../words/more-en";
import type { Way } from "../ui/App";
import { Elsewhere } from "./Elsewhere";
import { Ending } from "./Ending";
import { Reach } from "./Reach";

export interface Panel {
  chat: Chat;
  language: Language;
  more: More;
  /** Gives the focus back to the conversation. */
  back: () => void;
}

interface Props extends Panel {
  way: Way | null;
  go: (way: Way | null) => void;
}

export function Panels({ way, go, ...panel }: Props) {
  const [quiet, setQuiet] = useState(false);
  const [begun, begin] = useState(false);
  const { line, service } = panel.chat.state;
  const state = line.thread?.state;
  const going = state === "open" || state === "snoozed";
  const asked = line.items.some((item) => item.mine);
  const left = (begun || service.state !== "open") && going && asked && !quiet;
  return (
    <>
      {way ? (
        <Elsewhere key={way} {...panel} way={way} asked={asked && !!line.thread} leave={() => (go(null), panel.back())} />
      ) : (
        line.thread && !going && <Ending key={line.thread.id} {...panel} thread={line.thread} />
      )}
      {left && (!way || way === "person") && <Reach {...panel} begun={begun} begin={begin} later={() => (setQuiet(true), panel.back())} />}
    </>
  );
}
