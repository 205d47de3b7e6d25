// The words of the left half of the inbox, in English: places, filters, the list, acting on several, calling for attention.

const several = (count: number) => (count === 1 ? "1 conversation" : `${count} conversations`);

export const desk = {
  views: {
    label: "Views", mine: "Mine", unassigned: "Unassigned", waiting: "Waiting longest", due: "Due soon", all: "All", snoozed: "Snoozed",
    resolved: "Resolved", spam: "Spam", teams: "Teams", searches: "Saved searches", more: "More", unknownTeam: "Team",
    open: "Open the views", count: several,
  },
  next: {
    label: "Next", hint: "Open what is to be done next", none: "Nothing waits for you.",
    noneAway: "Nothing waits for you. You are away: new ones go to colleagues.", here: "This is what to do next.",
  },
  filter: {
    label: "Filters", add: "Filter", name: "Filter by", clear: "Clear all", remove: (name: string) => `Remove the filter ${name}`, change: (name: string) => `Change the filter ${name}`,
    find: "Find", nothing: "Nothing by that name.", back: "All filters", typed: (text: string) => `“${text}”`,
    names: { state: "State", team: "Team", tag: "Tag", category: "Category", priority: "Priority", owner: "Owner", channel: "Channel", sort: "Order", q: "Words" },
    none: { team: "No team", owner: "Nobody", category: "No category" }, me: "Me", unknown: "unknown",
    sort: "Order", sorts: { newest: "Latest first", oldest: "Oldest first", waiting: "Waiting longest", priority: "Priority", due: "Due first" },
  },
  search: {
    label: "Search names, addresses and messages", short: "Search", enter: "Enter", clear: "Clear the search",
    everywhere: "Search everywhere", found: (count: number) => (count === 1 ? "1 found" : `${count} found`), most: (count: number) => `The latest ${count} are shown. More words find fewer.`,
  },
  saved: {
    save: "Save search", title: "Save this search", name: "Name", shared: "Everybody sees it", sharedHint: "Otherwise only you do.",
    done: (name: string) => `“${name}” is in the list of views.`, remove: (name: string) => `Delete the saved search ${name}`, removed: (name: string) => `“${name}” was deleted.`, shares: "shared",
  },
  bulk: {
    label: "Act on what is ticked", count: (count: number) => `${count} ticked`, choose: "Tick the conversations to act on.", select: "Tick several", done: "Leave ticking", all: (count: number) => `Tick the ${count} shown`,
    tick: (name: string) => `Tick ${name}`, assign: "Assign", queue: "Back to the queue", tag: "Tag", newTag: (tag: string) => `New tag “${tag}”`, priority: "Priority", spam: "Spam",
    asSpam: (count: number) => `Mark ${several(count)} as spam`, keep: "With the category each one has", working: "Working…",
    results: {
      resolve: "resolved", reopen: "reopened", assign: "assigned", snooze: "snoozed", priority: "given another priority", tag: "tagged", spam: "marked as spam",
    },
    result: (count: number, what: string) => `${several(count)} ${what}.`, failed: (count: number) => `${several(count)} could not be changed:`,
    line: (name: string, number: number, why: string) => `${name} #${number}: ${why}`, others: (count: number) => `and ${count} more`,
  },
  rows: {
    urgent: "Urgent", low: "Low", due: (moment: string) => `Due ${moment}`, overdue: (moment: string) => `Overdue since ${moment}`, until: (moment: string) => `until ${moment}`,
    moreTags: (count: number) => `+${count}`, tags: "Tags:", fresh: (count: number) => `${count} new`, freshHint: "Go to the top of the list", replying: (name: string) => `${name} is replying…`,
    offered: (name: string) => `offered to ${name}`, offeredMe: "offered to you", left: "not in this list any more", mine: "yours", rated: (score: number) => `rated ${score} of 5`,
  },
  empty: {
    mine: ["Nothing waits for you.", "Next (W) opens what is to be done next. Or take one from Unassigned."],
    unassigned: ["Everybody has somebody.", "What nobody has taken appears here, waiting longest first."],
    waiting: ["Nobody waits.", "Every customer has an answer."],
    due: ["Nothing is due.", "Conversations with a due date appear here, the earliest first."],
    all: ["No conversations here yet.", "They appear as soon as a customer writes, on any channel."],
    snoozed: ["Nothing sleeps.", "What you snooze waits here until its time, or until the customer writes."],
    resolved: ["Nothing was resolved yet.", "What is done appears here, the latest first."],
    spam: ["No spam.", "What is marked as spam is kept here, out of every other list."],
    team: ["Nothing waits for this team.", "What is handed to the team appears here."],
    away: "You are away: new ones go to colleagues.", available: "Switch to available",
    filtered: "Nothing fits these filters.", filteredHint: "Remove one of them, or all.", clear: "Clear the filters",
    search: (words: string) => `Nothing found for “${words}”.`, searchHint: "Whole words are found in names, addresses, subjects and messages. Try fewer or other words.",
    searchHere: (place: string) => `Only ${place} was searched.`,
  } as const,
  alerts: {
    open: "Sounds and notifications…", title: "Sounds and notifications", sound: "Play a sound", soundHint: "For what is offered or assigned to you, answers of your customers, and new unassigned conversations.",
    notify: "Show notifications of the browser", notifyHint: "While this tab is in the background, for the same.", denied: "The browser blocks notifications of this site. Allow them in its settings for this address.",
    insecure: "Browsers show notifications only of addresses that begin with https.", test: "Try it", tried: "This is how it looks.", kept: "Kept in this browser.",
    offered: (name: string) => `${name} is offered to you`, assigned: (name: string) => `${name} was given to you`, wrote: (name: string) => `${name} wrote`, waits: (name: string) => `${name} waits for somebody`,
  },
  settings: { label: "Settings" },
  shortcuts: {
    title: "Keyboard shortcuts", on: "Single-key shortcuts", rows: [
      ["J / K", "Next, previous in the list"], ["W", "What is to be done next"], ["X", "Tick the conversation"], ["Shift+X", "Tick everything up to it"],
      ["R", "Reply"], ["N", "Note"], ["T", "Take"], ["H", "Hand over"], ["S", "Snooze"], ["E", "Resolve"], ["/", "Search"], ["F", "Add a filter"],
      ["G then M", "Mine"], ["G then U", "Unassigned"], ["G then W", "Waiting longest"], ["G then D", "Due soon"], ["G then A", "All"],
      [";", "Insert a snippet while writing (/ does too)"], ["Ctrl+Enter", "Send"], ["Esc", "Leave a field, untick, close"], ["?", "This list"],
    ] as [string, string][],
  },
};
