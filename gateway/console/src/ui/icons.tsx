// One small icon set: 20 px grid, 1.5 px stroke, current colour. Without a name an icon is decoration.
import type { JSX } from "preact";

const shapes = {
  inbox: "M3 11.5 5.4 4.8A1.5 1.5 0 0 1 6.8 3.8h6.4a1.5 1.5 0 0 1 1.4 1L17 11.5V15a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15zM3 11.5h3.8l1 2h4.4l1-2H17",
  person: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.6-3 2.9-4.5 6-4.5s5.400 1.500 6 4.500",
  queue: "M4 5h12M4 10h8M4 15h5M15 11.500v5M12.500 14h5",
  search: "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l3.500 3.500",
  chat: "M4 4.500h12a1 1 0 0 1 1 1v7.500a1 1 0 0 1-1 1H9.500L6 17v-3H4a1 1 0 0 1-1-1V5.500a1 1 0 0 1 1-1z",
  mail: "M3.500 5h13a.5.5 0 0 1 .5.5v9a.5.5 0 0 1-.5.5h-13a.5.5 0 0 1-.5-.5v-9a.5.5 0 0 1 .5-.5zM3.300 5.500 10 10.800l6.700-5.300",
  phone: "M6.500 3.500h7a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM9 14h2",
  call: "M4.500 4h3l1.300 3.300-1.700 1.400a9 9 0 0 0 4.200 4.200l1.400-1.700L16 12.500v3a1 1 0 0 1-1.100 1A12 12 0 0 1 3.500 5.100 1 1 0 0 1 4.500 4z",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1a2 2 0 0 0 4 0v-1a7 7 0 1 0-2.800 5.600",
  slack: "M8 3v14M12 3v14M3 8h14M3 12h14",
  lock: "M5.500 9h9v7.500h-9zM7.500 9V6.500a2.500 2.500 0 0 1 5 0V9",
  clip: "M13 6.500 8 11.500a1.600 1.600 0 0 0 2.300 2.300l5.200-5.200a3.300 3.300 0 0 0-4.700-4.700L5.600 9.100a5 5 0 0 0 7.100 7.100l3.800-3.800",
  file: "M6 3h5l4 4v10H6zM11 3v4h4",
  check: "M4.500 10.500 8.500 14.500 15.500 6",
  checks: "M2 10.500 5.500 14 11.500 6.500M9.500 13l1.200 1.200L17.500 6.500",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.300l2.800 1.700",
  alert: "M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14.300v.2",
  hourglass: "M6 3.500h8M6 16.500h8M7 3.500c0 4 3 4 3 6.500s-3 2.500-3 6.500M13 3.500c0 4-3 4-3 6.500s3 2.500 3 6.500",
  x: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  plus: "M10 4v12M4 10h12",
  back: "M12 4.500 6.500 10l5.500 5.500",
  down: "M5 8l5 5 5-5",
  up: "M5 12l5-5 5 5",
  pencil: "M4 16l.8-3.300L13 4.500l2.500 2.500-8.200 8.200zM11.500 6l2.500 2.500",
  help: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8a2 2 0 1 1 2.900 1.800c-.6.300-.9.700-.9 1.400M10 13.500v.2",
  moon: "M15.500 12A6.500 6.500 0 0 1 8 4.500a6.500 6.500 0 1 0 7.500 7.500z",
  arrow: "M4 10h12M11.500 5.500 16 10l-4.500 4.500",
  dot: "M10 11a1 1 0 1 0 0-2 1 1 0 0 0 0 2z",
  card: "M3 4.500h14v11H3zM7.500 10a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM5 13c.4-1.200 1.300-1.700 2.500-1.700s2.100.500 2.500 1.700M12.500 8.500H15M12.500 11.500H15",
  eye: "M2.500 10s2.700-5 7.500-5 7.500 5 7.500 5-2.700 5-7.500 5-7.500-5-7.500-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  hidden: "M2.500 10s2.700-5 7.500-5 7.500 5 7.500 5-2.700 5-7.500 5-7.500-5-7.500-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4 16.500 16 3.500",
  copy: "M7.500 7.500h9v9h-9zM4.500 12.500h-1v-9h9v1",
  menu: "M3.500 5.500h13M3.500 10h13M3.500 14.500h13",
  next: "M4 5l5.500 5L4 15M10.500 5l5.500 5-5.500 5",
  due: "M4 6a1.500 1.500 0 0 1 1.500-1.500h9A1.500 1.500 0 0 1 16 6v9a1.500 1.500 0 0 1-1.500 1.500h-9A1.500 1.500 0 0 1 4 15zM4 8.500h12M7.500 3v3M12.500 3v3M10 11v2.500",
  team: "M7.500 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM2.500 15.500c.4-2.600 2.300-3.800 5-3.800s4.600 1.200 5 3.800M13 9.300a2.300 2.300 0 0 0 0-4.400M14.500 11.900c1.700.4 2.700 1.600 3 3.600",
  ban: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM5 5l10 10",
  saved: "M5.500 3.500h9v13L10 13l-4.500 3.500z",
  filter: "M3 5h14M5.500 10h9M8 15h4",
  order: "M6 4v12M3 13l3 3 3-3M14 16V4M11 7l3-3 3 3",
  tag: "M3.500 9.700V4.500a1 1 0 0 1 1-1h5.200l6.800 6.800-6.200 6.200zM7 7v.1",
  urgent: "M4.500 10.500 10 5l5.500 5.500M4.500 15.500 10 10l5.500 5.500",
  low: "M4.500 8 10 13.500 15.500 8",
  bell: "M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4zM8.500 17h3",
  gear: "M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 3v2M10 15v2M3 10h2M15 10h2M5.050 5.050l1.400 1.400M13.550 13.550l1.400 1.400M5.050 14.950l1.400-1.400M13.550 6.450l1.400-1.400",
  book: "M4 4.500h4.500A1.500 1.500 0 0 1 10 6v10.500a1.500 1.500 0 0 0-1.500-1.300H4zM16 4.500h-4.500A1.500 1.500 0 0 0 10 6v10.500a1.500 1.500 0 0 1 1.500-1.300H16z",
  tick: "M4 5.500A1.500 1.500 0 0 1 5.500 4h9A1.500 1.500 0 0 1 16 5.500v9a1.500 1.500 0 0 1-1.500 1.500h-9A1.500 1.500 0 0 1 4 14.500zM7 10.200l2.200 2.200L13.200 8",
  more: "M5 10.6a.6.6 0 1 0 0-1.200.6.6 0 0 0 0 1.200zM10 10.600a.6.6 0 1 0 0-1.200.6.6 0 0 0 0 1.200zM15 10.600a.6.6 0 1 0 0-1.200.6.6 0 0 0 0 1.200z",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.300-2.300a3 3 0 0 0-4.300-4.300l-.8.8M11.500 8.500a3 3 0 0 0-4.300 0l-2.300 2.300a3 3 0 0 0 4.300 4.300l.8-.8",
  join: "M5 3.500v4a3 3 0 0 0 3 3h7M12 7.500l3 3-3 3M5 16.500v-4",
  snippet: "M4 5h12M4 9h12M4 13h6M13 12.500v5M10.500 15h5",
  door: "M8 3.500H4.500v13H8M12 6.500l3.500 3.500-3.500 3.500M15.500 10H8",
} as const;

export type IconName = keyof typeof shapes;

/** They point along the line of reading, and turn round with it. */
const turning: ReadonlySet<IconName> = new Set<IconName>(["back", "arrow", "next", "door", "join"]);

export function Icon({ name, label, size = 16 }: { name: IconName; label?: string; size?: number }): JSX.Element {
  const named = label ? { role: "img" as const, "aria-label": label } : { "aria-hidden": true as const };
  return (
    <svg class={turning.has(name) ? "icon turns" : "icon"} viewBox="0 0 20 20" width={size} height={size} fill="none" stroke="currentColor" stroke-width="1.5"
      stroke-linecap="round" stroke-linejoin="round" focusable="false" {...named}>
      <path d={shapes[name]} />
    </svg>
  );
}

const channels: Record<string, IconName> = {
  webchat: "chat", mail: "mail", email: "mail", sms: "phone", voice: "call", x: "at", messenger: "chat", instagram: "at", whatsapp: "phone", slack: "slack", desk: "pencil",
};

/** The mark of a channel; configured names such as "support-mail" are known by any part. */
export function channelIcon(channel: string): IconName {
  return channels[channel] ?? channel.split(/[-_:]/).map((part) => channels[part]).find(Boolean) ?? "chat";
}
