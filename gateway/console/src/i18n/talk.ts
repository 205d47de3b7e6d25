// The words of the opened conversation, its contact's card and their dialogs, in English.

const many = (count: number, one: string, more: string) => (count === 1 ? `1 ${one}` : `${count} ${more}`);

export const talk = {
  undo: "Undo",
  head: {
    subject: "Subject", addSubject: "Add a subject", editSubject: (subject: string) => `Change the subject: ${subject}`, save: "Save the subject",
    priority: "Priority", priorities: { 1: "Urgent", 2: "Normal", 3: "Low" } as Record<number, string>,
    due: "Due", noDue: "No due date", dueAt: (moment: string) => `Due ${moment}`, overdue: (moment: string) => `Overdue since ${moment}`, clearDue: "No due date",
    terms: { today: "Today 17:00", tomorrow: "Tomorrow 17:00", threeDays: "In three days", monday: "Monday 12:00" },
    own: "Another time…", category: "Category", noCategory: "No category", unnamed: "Unknown category",
    assignee: "Assigned to", more: "More", number: (number: number) => `Conversation number ${number}`,
    offered: (name: string) => `Offered to ${name}`, spam: "Spam", rated: (score: number) => `Rated ${score} of 5`,
  },
  more: {
    link: "Link to another…", join: "Merge with another…", split: "Split off messages…", spam: "Mark as spam…", unspam: "Not spam", block: "Block the contact…", unblock: "Unblock the contact",
    why: "Why this agent?", whyNot: "Why nobody yet?", copy: "Copy the link", copied: "The link is in the clipboard.", notCopied: "The browser did not allow copying. The address bar holds the link.",
  },
  when: {
    snooze: "Snooze until", due: "Due at", field: "Day and time", set: "Set", past: "That is in the past.", incomplete: "Choose a day and a time.", far: (far: string) => `That is in ${far}.`,
    snoozeText: "It comes back at that time, or earlier when the customer writes.", dueText: "It stands among those due soon, and turns red when the time has passed.",
  },
  tags: {
    label: "Tags", add: "Add a tag", remove: (tag: string) => `Remove the tag ${tag}`, placeholder: "Tag", offered: "Known tags", fresh: (tag: string) => `New tag “${tag}”`,
    most: (count: number) => `A conversation bears at most ${count} tags.`,
  },
  link: {
    title: "Link to another conversation", find: "Number, name or words", submit: "Link", none: "Nothing found.", kind: "This conversation is",
    kinds: { related: "related to", duplicate_of: "a duplicate of", blocked_by: "blocked by" },
    to: { related: "Related to", duplicate_of: "Duplicate of", blocked_by: "Blocked by" },
    from: { related: "Related to", duplicate_of: "Has a duplicate", blocked_by: "Blocks" },
    done: (number: number) => `Linked to #${number}.`, undone: "The link was removed.", remove: (number: number) => `Remove the link to #${number}`, section: "Linked", add: "Link…",
    blocked: (number: number) => `Waits for #${number}`,
  },
  join: {
    title: "Merge with another conversation", text: "Both are shown as one timeline under one number. You can undo this.", find: "Or its number",
    none: "This contact has no other conversation. To merge with somebody else's, merge the contacts first.", keep: "Which number stays?", this: (number: number) => `This one, #${number}`,
    other: (number: string) => `The other one, #${number}`, submit: "Merge", done: (gone: number, kept: number) => `#${gone} is now part of #${kept}.`, undone: (number: number) => `#${number} stands alone again.`,
    banner: "This conversation was merged into another one.", bannerTo: (number: number) => `This conversation was merged into #${number}.`, part: "Take it out again", section: "Merged into this", earlier: "Their other conversations",
    show: "Show", loading: "Loading…", notFound: (number: string) => `There is no conversation #${number}, or you may not see it.`,
  },
  split: {
    start: "Choose the messages to move.", chosen: (count: number) => `${many(count, "message", "messages")} chosen`, subject: "Subject of the new conversation", submit: "Move to a new conversation",
    done: (number: number) => `Moved to #${number}.`, undone: "The messages are back.", choose: (author: string, hour: string) => `Choose the message of ${author}, ${hour}`, label: "Split off messages",
  },
  spam: {
    title: "Mark as spam", submit: "Mark as spam", done: "Marked as spam.", undone: "It is back among the open ones.", banner: "Marked as spam. It is in no other list.",
    effects: ["It is closed, and the customer is not asked whether it was solved.", "It leaves every list but Spam.", "Nothing is sent. You can take this back at any time."],
    block: (name: string) => `Also block ${name}`, blockHint: "Nothing they write is taken any more, on any channel.",
  },
  block: {
    title: (name: string) => `Block ${name}?`, submit: "Block", done: (name: string) => `${name} is blocked.`, undone: (name: string) => `${name} may write again.`, undo: "Unblock",
    effects: ["Nothing they write is taken any more, on any channel. What they try to send is marked as not sent.", "What they wrote so far stays where it is.", "Colleagues see that the contact is blocked and can undo it."],
    banner: "Blocked. Nothing they write is taken.",
  },
  begin: {
    title: (name: string) => `Start a conversation with ${name}`, open: "Start a conversation", textHint: "Kept as a note. Write your first message to them afterwards.", submit: "Start",
  },
  snippets: {
    open: "Insert a snippet", find: "Find a snippet", label: "Snippets", loading: "Loading snippets…", none: "There are no snippets yet.", noneFound: "No snippet fits.", filling: "Filling in…", own: "only yours",
    hint: "Type ; or / and a part of the name.",
  },
  placeholder: {
    hint: (names: string) => `${names} is not filled in.`, refused: (names: string) => `${names} was not filled in.`, asIs: "Send as it stands",
  },
  owner: {
    has: (name: string) => `${name} has this conversation. Answer only if you have agreed on it.`, replying: (name: string) => `${name} has this conversation and is writing an answer now.`, take: "Take it",
    taken: (name: string) => `${name} took this while you were writing. Your draft is kept.`,
  },
  timeline: {
    unread: "New since you looked", steps: (count: number) => `Show ${count} earlier steps of the router`, newest: "Jump to the newest", whole: (points: string) => `Show all ${points} characters`, less: "Show less", subject: "Subject:", from: (number: number) => `from #${number}`,
  },
  whyNot: {
    title: "Why nobody yet",
    unassigned: "Nobody has been chosen yet.", offered: (name: string) => `It is offered to ${name} right now. If they do not answer in time, the next one is asked.`,
    nobodyHere: "None of your colleagues is available with the inbox open, so there is nobody it could be given to.",
    full: (count: number) => `Whoever is available has as many conversations as they take (${many(count, "colleague", "colleagues")}). It goes to the first who has room again, or to whoever takes it.`,
    here: (count: number) => `${many(count, "colleague is", "colleagues are")} available. The next look at the queue decides; who is full or lacks a skill is passed over.`,
    ended: (moment: string, reason: string) => (reason ? `Ended ${moment}: ${reason}` : `Ended ${moment}`), endings: {
      handed_over: "handed over", taken: "taken by a colleague", released: "back in the queue", assigned: "given to somebody else", resolved: "resolved", closed: "closed", snoozed: "snoozed", declined: "declined", expired: "no answer in time", joined: "merged into another one",
    } as Record<string, string>,
    byHand: (name: string) => `Decided by ${name}`, router: "Decided by the router",
    closed: "It is not open, so nobody is looked for.",
  },
  person: {
    unblock: "Unblock", maybe: "May be the same person", maybeWhy: {
      claims: (address: string) => `Says they are ${address}, which is theirs.`,
      claimed: (address: string) => `They said that they are ${address}, an address of this contact.`,
      same_claim: (address: string) => `Both say that they are ${address}.`,
    },
    compare: "Compare and merge…", ahead: (hours: string) => `${hours} h ahead of you`, behind: (hours: string) => `${hours} h behind you`, sameTime: "your time", rated: "Rated",
    claimSays: "claimed, not proved", lastIn: (moment: string) => `wrote ${moment}`, deaf: "wants no messages here",
  },
  contacts: {
    find: "Name, address or words", none: "No other contact found.", hint: "Type a name, an address or what was said.", this: "This contact stays", other: "This one is folded into it", noAddress: "No address", last: (number: number, moment: string) => `Last: #${number}, ${moment}`,
    noConversation: "No conversation", nameless: "No name", claims: (addresses: string) => `Claims ${addresses}`, reversible: "Nothing is lost: the merge stands on the card and can be undone there.", swap: "Choose another",
  },
};
