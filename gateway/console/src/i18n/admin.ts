// The words of the pages to run a desk: people, teams, snippets, categories, audit. And of the door.

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const admin = {
  label: "Settings", tabs: { people: "People", teams: "Teams", snippets: "Snippets", categories: "Categories", audit: "Audit log" },
  backToList: "Back to the list", close: "Close", save: "Save", saving: "Saving…", saved: "Saved.", discard: "Discard changes", unsaved: "Unsaved changes", unsavedMark: "has unsaved changes",
  cancel: "Cancel", copy: "Copy", copied: "Copied.", copyFailed: "The browser did not let us copy. The link is selected: press Ctrl+C.", retry: "Try again", optional: "optional",
  failed: "This could not be loaded.", loading: "Loading…", gone: "It is not here any more. Somebody may have removed it.",
  roles: { viewer: "Viewer", agent: "Agent", lead: "Lead", manager: "Manager", admin: "Admin" } as Record<string, string>,
  roleMeans: {
    viewer: "Reads conversations, changes nothing.", agent: "Answers customers.", lead: "Answers, shares snippets and searches, sets how much each person takes.",
    manager: "Also invites people, sets up teams and categories, reads the audit.", admin: "Everything, managers and admins included.",
  } as Record<string, string>,
  ask: {
    people: "Leads and managers look after the people here.", teams: "Managers set up the teams.", snippets: "Snippets are for those who answer.", categories: "Managers set up the categories.", audit: "Managers read the audit.",
    text: (role: string) => `Your role does not include this page. If something needs to change, ask ${role}.`,
    lead: "a lead", manager: "a manager or an admin", agent: "a manager to make you an agent",
  },

  people: {
    title: "People", text: "Who signs in here, what they may do and how much they take.", invite: "Invite", search: "Name, address or skill", role: "Role", team: "Team", state: "State",
    states: { all: "Everybody", here: "Here now", disabled: "Disabled" }, everyRole: "Every role", everyTeam: "Every team", count: (count: number) => counted(count, "person", "people"),
    name: "Name", mail: "Email", teams: "Teams", skills: "Skills", places: "Takes", availability: "Now", none: "Nobody fits.", noneHint: "Try other words, or show everybody.", clear: "Show everybody",
    alone: "You are the only one here.", aloneHint: "Invite the people who answer with you. Each gets a link that signs them in.",
    here: "Here", awayHere: "Here, away", away: "Not here", disabled: "Disabled", invited: "Invited", you: "you", of: (load: number, cap: number) => `${load}/${cap}`,
    takes: (load: number, cap: number, what: string) => `${load} of ${cap} ${what} now`,
    classes: { chat: "Chats", text: "Texts", mail: "Emails", call: "Calls" } as Record<string, string>,
    classHint: { chat: "At the same time, on the website", text: "SMS, X, Messenger and the like", mail: "Open at the same time", call: "On the phone" } as Record<string, string>,
    placesText: "How many conversations of each kind may be given to them at once. 0 gives none of that kind; they can still take one by hand.",
    skillsText: "Separate them with commas. Colleagues see it here; the router does not ask for skills yet.", skillsPlaceholder: "billing, returns",
    nameHint: "Customers see the first name.", mailHint: "They sign in with it. Nothing is sent there: you pass the link on yourself.",
    badCap: "A whole number from 0 to 1000.",
    inviteTitle: "Invite somebody", inviteSubmit: "Make the link", another: "Invite another", done: "Done",
    linkTitle: (name: string) => `The link for ${name}`, linkText: (name: string) => `Send it to ${name} by a way only they read. It signs in once, within 24 hours, and lets them choose a password.`,
    linkOnce: "It is shown only now. If it gets lost, make a new one on their page.", link: "Sign-in link", copyLink: "Copy link",
    hasPassword: "Has a password.", noPassword: "Has no password yet: signs in by link.",
    newLink: "New sign-in link", newLinkText: "For a forgotten password. The present password goes on working until a new one is chosen.", firstLinkText: "If the first one got lost or is older than 24 hours.",
    access: "Access", disable: "Disable…", enable: "Enable again", disableTitle: (name: string) => `Disable ${name}?`,
    disableText: (name: string) => `${name} is signed out everywhere and cannot sign in. Open conversations of theirs go back to the queue. What they wrote stays. You can enable them again.`,
    disableYes: (name: string) => `Disable ${name}`, enabled: (name: string) => `${name} can sign in again. They get conversations when they are back and available.`, disabledNow: (name: string) => `${name} is disabled.`,
    isDisabled: "This account is disabled: nobody can sign in with it.",
    notSelf: "You cannot disable yourself or change your own role.", above: "Only an admin can change managers and admins.", placesOnly: "You can change what they take. Names, roles and teams are changed by a manager.",
    noTeams: "There are no teams yet.",
  },

  teams: {
    title: "Teams", text: "Who answers together, and when they are there.", add: "New team", count: (count: number) => counted(count, "team", "teams"), search: "Find a team",
    none: "No teams yet.", noneHint: "Without teams everybody shares one queue, around the clock. Make one for people who answer together or keep their own hours.", noneFound: "No team by that name.",
    name: "Name", members: "Members", memberCount: (count: number) => counted(count, "member", "members"), noMembers: "Nobody yet", find: "Find a person", noPeople: "Nobody by that name.",
    hours: "Opening hours", alwaysText: "No hours are set: this team counts as open around the clock.", setHours: "Set opening hours", dropHours: "Remove the opening hours", hoursText: "Outside them the chat of a site that names this team says when you open.",
    zone: "Time zone", zones: "Time zones that fit", zoneFind: "Search for a city or region", zoneNone: "No time zone like that. Try the nearest big city.", zoneHere: "yours",
    days: { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" } as Record<string, string>,
    closed: "Closed", from: (day: string, index: number) => `${day}, opens, times ${index}`, to: (day: string, index: number) => `${day}, closes, times ${index}`, addSpan: (day: string) => `Add times to ${day}`, removeSpan: (day: string, index: number) => `Remove times ${index} of ${day}`,
    copy: (day: string) => `Copy ${day}`, copyWeekdays: "Copy to Monday–Friday", copyAll: "Copy to every day", closeDay: "Closed all day", copied: (day: string) => `${day} was copied.`,
    holidays: "Holidays and special days", holidaysText: "On these dates the week does not count.", addHoliday: "Add a date", date: "Date", dateOf: (index: number) => `Date ${index}`, holidayKind: "Open that day?", closedDay: "Closed", shortDay: "Special hours", removeHoliday: (date: string) => `Remove ${date || "this date"}`, past: "past", noHolidays: "No special days.",
    openNow: (until: string) => `Open now, until ${until}`, openAlways: "Open now, around the clock", opens: (when: string) => `Closed. Opens ${when}`, never: "Closed. No opening within a year", preview: "As it stands now", always: "Always open",
    today: "today", tomorrow: "tomorrow", at: (day: string, clock: string) => `${day} ${clock}`, inZone: (zone: string) => `${zone} time`,
    wrong: {
      from: "Write when it opens, such as 9:00.", to: "Write when it closes, such as 17:00 or 24:00.", order: "It closes before it opens. For a night, end this day at 24:00 and begin the next at 0:00.",
      empty: "Write the times, or remove this line.", date: "Choose a date.", twice: "This date is already listed.", zone: "Choose a time zone from the list.", overlap: (span: string) => `Overlaps ${span}.`,
    },
    fix: (count: number) => `${counted(count, "line needs", "lines need")} mending first.`,
    delete: "Delete team…", deleteTitle: (name: string) => `Delete ${name}?`,
    deleteText: "Nobody is removed. What waits in its queue waits in the common one, conversations keep their people, and its opening hours are gone. This cannot be undone.", deleteYes: "Delete team", deleted: (name: string) => `${name} was deleted.`, addTitle: "New team", addSubmit: "Make team", addHint: "Customers may see it, for example “Support”. Members and hours come next.",
  },

  snippets: {
    title: "Snippets", text: "Answers written once. Insert one while replying; its placeholders are filled for that customer.", add: "New snippet", search: "Name or text", count: (count: number) => counted(count, "snippet", "snippets"),
    which: "Show", every: "All", own: "Only mine", sharedOnes: "Shared", shared: "Shared", mine: "Only you", none: "No snippets yet.", noneHint: "Write the answer you give most often, and never type it again.", noneFound: "No snippet like that.",
    name: "Name", nameHint: "Short: it is typed to find the snippet.", body: "Text", placeholders: "Placeholders", insert: (name: string, meaning: string) => `Insert {${name}}: ${meaning}`, share: "For everybody", shareHint: "Everybody who answers can insert it.", notShare: "Sharing with everybody takes a lead or more.", onlyAuthor: "Only its author can make it private again.",
    unknown: (name: string, like: string | null) => (like ? `{${name}} is not known. Did you mean {${like}}?` : `{${name}} is not known. It would reach the customer as it is.`), use: (name: string) => `Use {${name}}`, meant: (name: string) => `Did you mean {${name}}?`,
    reads: "How it reads", empty: "Write something to see it here.",
    addTitle: "New snippet", delete: "Delete snippet…", deleteTitle: (name: string) => `Delete “${name}”?`, deleteText: "It is gone for everybody who uses it. Answers already sent stay.", deleteYes: "Delete snippet", deleted: "The snippet was deleted.",
    foreign: "A shared snippet. Leads and managers change it.", noPlaceholders: "The placeholders could not be loaded. Known and unknown ones are checked when you save.",
  },

  categories: {
    title: "Categories", text: "What a conversation was about. Chosen when one is resolved; lists can be filtered by it.", name: "New category", add: "Add", hide: "Hide", unhide: "Show again", hidden: "Hidden", hiddenText: "Not offered any more. Conversations that have it keep it.",
    none: "No categories yet.", noneHint: "Add a few broad ones: Order, Return, Question. Fewer are chosen more honestly.", renameOf: (name: string) => `New name for ${name}`, hideOf: (name: string) => `Hide ${name}`, unhideOf: (name: string) => `Show again: ${name}`, renameButton: (name: string) => `Rename ${name}`,
    added: (name: string) => `${name} was added.`, twice: (name: string) => `There is a category “${name}” already.`, hiddenTwice: (name: string) => `“${name}” is there, but hidden. Show it again below.`,
  },

  audit: {
    title: "Audit log", text: "Who did what, the latest first. Reading is recorded too: opening a conversation, searching, downloading a file.",
    person: "Person", everybody: "Everybody", contact: "Contact", contactFind: "Name or address", number: "Conversation", numberHint: "Number", range: "Time", ranges: { day: "Last 24 hours", week: "Last 7 days", month: "Last 30 days", all: "All time", own: "From – to" } as Record<string, string>,
    since: "From", until: "To", more: "Load more", loadingMore: "Loading more…", end: "That is everything.", none: "Nothing was recorded.", noneHint: "For these filters. Try a longer time, or fewer of them.", clear: "Clear the filters", noNumber: (number: string) => `There is no conversation #${number}.`, badRange: "The end is before the beginning.",
    noContacts: "No contact like that.", clearContact: "Any contact", contacts: "Contacts that fit", someone: "Somebody",
  },

  acts: {
    read: "read", searched: "searched", downloaded: "downloaded a file of", signed_in: "signed in", signed_out: "signed out", replied: "replied in", noted: "wrote a note in", taken: "took", released: "gave back", assigned: "gave somebody",
    handed_over: "handed over", resolved: "resolved", reopened: "reopened", snoozed: "snoozed", woken: "woke up", merged: "merged contacts in", unmerged: "undid a merge in", joined: "joined a conversation into", parted: "parted", split: "split messages off", linked: "linked", unlinked: "unlinked",
    tagged: "tagged", untagged: "took a tag off", prioritised: "changed the priority of", categorised: "set the category of", renamed: "renamed", due_set: "set the due time of", spam: "marked as spam", not_spam: "took out of spam", blocked: "blocked", unblocked: "unblocked",
    offered: "offered", declined: "declined", accepted: "accepted", opened: "opened", claimed: "noted an address in", identified: "identified", override: "took beyond the usual load",
    invited: "invited", disabled: "disabled", enabled: "enabled", role_changed: "changed the role of", name_changed: "changed the name of", teams_changed: "changed the teams of", places_changed: "changed what is given to", link_made: "made a sign-in link for",
    password_changed: "changed their password", team_added: "made the team", team_changed: "changed the team", team_removed: "deleted the team", category_added: "added the category", category_changed: "changed the category",
  } as Record<string, string>,
  actsAlone: { searched: "searched", downloaded: "downloaded a file" } as Record<string, string>,
  audited: {
    of: "of", commandLine: "Command line", byLink: "by link", hits: (count: number) => `${count} found`, hidden: "hidden", priority: { 1: "urgent", 2: "normal", 3: "low" } as Record<string, string>,
  },

  door: {
    forgot: "Forgot your password?", forgotText: "An admin or manager makes you a new sign-in link on the People page. On the server itself:", forgotCommand: "throughline agent link you@example.com", forgotNote: "The link signs you in once and lets you choose a new password.",
    show: "Show the password", hide: "Hide the password",
    linkTitle: "Sign in with your link", linkText: "This link works once. Choose a password now and you will not need a link next time.", linkField: "New password", linkHint: "10 characters or more. A few words in a row are easier to remember and harder to guess than one with symbols.",
    linkSubmit: "Save password and sign in", linkSkip: "Sign in without a password", linkSkipHint: "Without a password you need a new link next time.", short: (left: number) => `${left} more ${left === 1 ? "character" : "characters"} needed.`, enough: "Long enough.",
    deadTitle: "This link does not work any more", deadText: "A sign-in link works once, within 24 hours. This one was used already, is too old, or was cut when it was copied.", deadPassword: "Sign in with a password",
    capsLock: "Caps Lock is on.", wrongHint: "Check the address, and whether Caps Lock is on.", same: "The new password is the present one.", oldWrong: "Other windows and devices are signed out when you save.",
  },
};
