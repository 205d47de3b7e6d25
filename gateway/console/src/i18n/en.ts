// Every word the inbox shows, in English. A further language is a further object of the same type.
import { admin } from "./admin";
import { desk } from "./desk";
import { talk } from "./talk";

export const en = {
  ...desk,
  ...talk,
  app: "Throughline",
  starting: "One moment…",
  visitor: (number: number) => `Visitor ${number}`,
  someone: "Visitor", customerNumber: (id: string) => `Customer ${id}`,
  customer: "The customer",
  nobody: "Nobody",
  you: "you",
  channel: {
    webchat: "website chat", mail: "email", email: "email", sms: "SMS", voice: "phone", x: "X", messenger: "Messenger", instagram: "Instagram",
    whatsapp: "WhatsApp", slack: "Slack", desk: "opened by hand", phone: "phone", visitor: "website chat", user: "website chat",
  } as Record<string, string>,
  load: { chat: "chats", mail: "emails", text: "texts", call: "calls" } as Record<string, string>,

  signIn: {
    title: "Sign in to the inbox", email: "Email", password: "Password", submit: "Sign in", busy: "Signing in…",
    wrong: "The email or the password is not right.", ended: "Your session has ended. Sign in to go on; your drafts are kept.",
    offline: "The server cannot be reached. Check your connection and try again.",
    tooMany: (seconds: number | null) => `Too many attempts. Try again ${seconds ? `in ${seconds} s` : "in a minute"}.`,
  },
  choose: {
    field: "New password", submit: "Save password", old: "Current password", change: "Password…", saved: "Password saved.",
  },

  waitingNow: (count: number) => (count === 1 ? "1 customer waiting" : `${count} customers waiting`),
  longest: "longest",
  available: "Available", away: "Away", availableHint: "New conversations may be given to you.", awayHint: "You are given nothing new.",
  loadOf: (load: number, cap: number, what: string) => `${load} of ${cap} ${what}`,
  account: "Account", signOut: "Sign out", theme: "Appearance", themes: { system: "As the system", light: "Light", dark: "Dark" },
  newTicket: "New ticket", help: "Keyboard shortcuts",

  list: {
    label: "Conversations",
    states: { open: "Open", snoozed: "Snoozed", resolved: "Resolved", closed: "Closed", any: "Every state", spam: "Spam" },
    loading: "Loading conversations…", more: "Loading more…", retry: "Try again",
    failed: "The list could not be loaded.",
    typing: "is writing…", unread: "unread", note: "Note:", agentWrote: "Reply:",
    waits: (clock: string) => `waiting ${clock}`, soon: "soon over the target", late: "over the target",
  },

  conversation: {
    none: "Choose a conversation", noneHint: "J and K go through the list. ? shows every key.", back: "Back", details: "Contact",
    loading: "Loading the conversation…", failed: "The conversation could not be loaded.", missing: "There is no such conversation, or you may not see it.",
    label: "Conversation", start: "The beginning of the conversation", older: "Loading earlier messages…", fresh: "New messages",
    unassigned: "Unassigned", state: { open: "Open", snoozed: "Snoozed", resolved: "Resolved", closed: "Closed", joined: "Joined" },
    until: (moment: string) => `until ${moment}`, why: "Why?", today: "Today", yesterday: "Yesterday", actions: "Actions",
    alsoHere: (names: string) => `${names} ${names.includes(",") || names.includes(" and ") ? "have" : "has"} this open`,
    replying: (names: string) => `${names} ${names.includes(" and ") ? "are" : "is"} replying`,
    typing: (name: string) => `${name} is writing…`,
  },
  message: {
    quoted: (lines: number) => `Show ${lines} quoted lines`, hideQuoted: "Hide quoted lines", edited: "edited", withdrawn: "The message was withdrawn.",
    original: "Before:", by: (channel: string) => `by ${channel}`, private: "Note, only for colleagues", empty: "No text",
  },
  delivery: {
    queued: "Waiting to be sent", sending: "Sending…", retry: "Not sent yet, trying again", sent: "Sent", delivered: "Delivered", read: "Read",
    failed: "Not delivered", unknown: "Not certain that it arrived",
  },
  pending: {
    sending: "Sending…", waiting: "Waiting for the connection", failed: "Not sent", retry: "Try again", discard: "Discard", edit: "Edit",
  },
  file: {
    image: (name: string) => `Picture ${name}`, wanted: "still being fetched", failed: "could not be fetched", uploading: "uploading…",
    notUploaded: "not uploaded", most: (count: number) => `A message carries at most ${count} files.`, remove: (name: string) => `Remove ${name}`, retry: (name: string) => `Upload ${name} again`,
  },

  composer: {
    label: "Write", reply: "Reply", note: "Note", send: "Send", add: "Add note", attach: "Attach a file", to: "To:",
    where: (channel: string, name: string) => `${channel} · ${name}`, noteTo: "Only colleagues see this. It is never sent to the customer.",
    here: "where the customer is now", address: "Send to", placeholder: "Write a reply…", notePlaceholder: "Write a note for your colleagues…",
    hint: "Ctrl+Enter", drop: "Drop the files here", uploading: "A file is still uploading.", broken: "A file was not uploaded. Try it again or remove it.",
    viewer: "You may read, but not answer.", joined: "This was joined into another conversation.", goThere: "Go there", closed: "A reply opens this conversation again.", tooLong: (max: number) => `At most ${max.toLocaleString("en")} characters.`,
    draft: "Draft", change: "change", chosen: "chosen by you", nowhere: "nobody wrote yet, choose an address", ago: (far: string) => `${far} ago`, justNow: "just now",
    wroteHere: (ago: string) => `they wrote here ${ago}`, weWroteHere: (ago: string) => `we wrote there ${ago}`, shut: "This conversation is closed. To answer in it, reopen it.", spam: "This is marked as spam.",
  },

  act: {
    take: "Take", handOver: "Hand over", resolve: "Resolve", reopen: "Reopen", snooze: "Snooze", accept: "Accept", decline: "Decline", cancel: "Cancel",
    close: "Close", taken: "It is yours now.", conflict: "Somebody was faster.", failed: "That did not work.", busy: "The server is busy or restarting. Try again in a moment.", offline: "No connection. Try again in a moment.",
    notAllowed: "You may not do that.",
  },
  offer: { text: (name: string) => `${name} is offered to you`, left: (clock: string) => `${clock} left`, show: "Show" },
  snooze: { hour: "1 hour", later: "3 hours", tomorrow: "Tomorrow 9:00", monday: "Monday 9:00" },
  handOver: {
    title: "Hand over to", people: "People", teams: "Teams", queue: "Back to the queue", queueHint: "The next free agent gets it.", team: "Team queue",
    find: "Find a person or team", note: "Note for whoever takes it", nobody: "Nobody by that name.", here: "here", gone: "not here",
  },
  resolve: { title: "Resolve", text: "What was it about?", needed: "Choose what it was about, so that it can be found and counted.", none: "No categories are set up. An administrator can add some.", loading: "Loading categories…" },
  why: { title: "Why this agent", empty: "Nothing has been decided by the router yet. Whoever takes a conversation by hand is not asked why.", chosen: "chosen", loading: "Loading…" },
  ticket: {
    title: "Open a ticket by hand", name: "Name", address: "Email or phone", addressHint: "Leave empty for a walk-in. A phone number with its country code: +358…",
    subject: "Subject", text: "What is it about?", textHint: "Kept as a note. Nothing is sent.", submit: "Open ticket", badAddress: "That is neither an email address nor a phone number with its country code.",
  },
  merge: {
    open: "Merge with…", title: "Merge with another contact", text: (name: string) => `Everything of the other contact is shown under “${name}”. You can undo this.`,
    submit: "Merge", done: "Merged.", undo: "Undo", undone: "The merge was undone.",
  },
  card: {
    label: "Contact", name: "Name", save: "Save", edit: "Edit the name", identities: "Reached at", none: "No address known yet.", proved: "proved", unproved: "unproved",
    optedOut: "opted out", claims: "Says they are", claimHint: "Typed by the visitor, not proved. It opens no history.", page: "On this page", noPage: "Unknown page",
    earlier: "Other conversations", noEarlier: "This is the first one.", merges: "Same person",
    local: "Local time", language: "Language", attributes: "Facts", number: "Number", subject: "Subject", due: "Due", opened: "Opened",
    proof: {
      session: "this browser", provider: "proved by the provider", dmarc: "proved by mail authentication", token: "proved by your site", code: "proved by a code",
    } as Record<string, string>,
    ticket: "Ticket",
  },
  connection: {
    polling: "Live updates are interrupted. Looking every 10 seconds.", offline: "No connection. What you write is kept and sent when it is back.",
  },
  error: { title: "The inbox could not start.", text: "The server does not answer, or is restarting. Check your connection and try again.", retry: "Try again" },
  admin,
};

export type Words = typeof en;
