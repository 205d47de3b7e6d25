// What the pages to run a desk load and change. What somebody edits stays here until it is saved or discarded, wherever they go meanwhile.
import { useMemo } from "preact/hooks";
import * as api from "../api/calls";
import type { Category, Hours, Id, Me, Person, Right, Role, Snippet, Team } from "../api/types";
import { t } from "../i18n";
import { get, set, useStore } from "./store";
import { toast } from "./toasts";

export const may = (me: Me | null, right: Right): boolean => me?.rights.includes(right) ?? false;

/** Whether the person who is signed in has the right. */
export const useMay = (right: Right): boolean => useStore((state) => may(state.me, right));

// -- loading ----------------------------------------------------------------------------------------------------------------------------------

export const loadPeople = async () => set({ people: await api.listPeople() });
export const loadTeams = async () => set({ teams: await api.listTeams() });
export const loadAgents = async () => set({ agents: await api.listAgents() });
export const loadSnippets = async () => set({ snippets: await api.listSnippets() });
export const loadCategories = async () => set({ categories: await api.listCategories() });
export const loadPlaceholders = async () => set({ placeholders: await api.listPlaceholders() });

/** Fetch again what the server says has changed, if it was ever shown. A failure is mended by the next visit of the page. */
export function refreshAdmin(what: string): void {
  const { people, placeholders, admin } = get();
  const wanted: Promise<void>[] = [];
  if (what === "people" && people) wanted.push(loadPeople());
  if (what === "people" && admin) wanted.push(loadAgents());
  if (what === "snippets" && placeholders) wanted.push(loadPlaceholders());
  for (const one of wanted) one.catch(() => undefined);
}

const put = <T extends { id: Id }>(list: readonly T[] | null, item: T): T[] =>
  list?.some((one) => one.id === item.id) ? list.map((one) => (one.id === item.id ? item : one)) : [...(list ?? []), item];

const takePerson = (person: Person) => set((have) => ({ people: put(have.people, person) }));
const takeTeam = (team: Team) => set((have) => ({ teams: put(have.teams, team) }));
const takeSnippet = (snippet: Snippet) => set((have) => ({ snippets: put(have.snippets, snippet) }));
const takeCategory = (category: Category) => set((have) => ({ categories: put(have.categories, category) }));

// -- changing: each throws Problem for its form to explain ------------------------------------------------------------------------------------

export async function invite(body: { name: string; email: string; role: Role; teams: Id[] }): Promise<{ person: Person; link: string }> {
  const made = await api.addPerson(body);
  takePerson(made.person);
  if (body.teams.length) void loadTeams().catch(() => undefined);
  return made;
}

export async function savePerson(id: Id, change: api.PersonChange): Promise<void> {
  takePerson(await api.changePerson(id, change));
  if (change.teams) void loadTeams().catch(() => undefined);
  if (id === get().me?.id) set({ me: await api.getMe() });
}

export async function setDisabled(id: Id, disabled: boolean): Promise<void> {
  takePerson(await (disabled ? api.disablePerson(id) : api.enablePerson(id)));
}

export const makeLink = api.newLink;

export async function addTeam(name: string): Promise<Team> {
  const team = await api.addTeam(name);
  takeTeam(team);
  return team;
}

export async function saveTeam(id: Id, change: { name?: string; members?: Id[]; hours?: Hours | null }): Promise<void> {
  takeTeam(await api.changeTeam(id, change));
  if (change.members && get().people) void loadPeople().catch(() => undefined);
}

export async function removeTeam(id: Id): Promise<void> {
  await api.removeTeam(id);
  set((have) => ({ teams: have.teams.filter((one) => one.id !== id) }));
}

export async function saveSnippet(id: Id | null, body: api.SnippetText): Promise<Snippet> {
  const snippet = await (id === null ? api.addSnippet(body) : api.changeSnippet(id, body));
  takeSnippet(snippet);
  return snippet;
}

export async function removeSnippet(id: Id): Promise<void> {
  await api.removeSnippet(id);
  set((have) => ({ snippets: have.snippets?.filter((one) => one.id !== id) ?? null }));
}

export const addCategory = async (name: string) => takeCategory(await api.addCategory(name));
export const saveCategory = async (id: Id, change: { name?: string; hidden?: boolean }) => takeCategory(await api.changeCategory(id, change));

// -- what is being edited ---------------------------------------------------------------------------------------------------------------------

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What of an edit differs from what is saved. */
export function changesOf<T extends object>(saved: T, edit: Partial<T> | undefined): Partial<T> {
  const names = Object.keys(edit ?? {}) as (keyof T)[];
  return Object.fromEntries(names.filter((name) => !same(saved[name], edit?.[name])).map((name) => [name, edit?.[name]])) as Partial<T>;
}

const keyOf = (name: string) => `${get().me?.id ?? ""} ${name}`;

let watching = false;

function warn(event: BeforeUnloadEvent): void {
  if (Object.keys(get().edits).length) event.preventDefault();
}

function keep(name: string, edit: object | null): void {
  if (!watching) addEventListener("beforeunload", warn);
  watching = true;
  const { [keyOf(name)]: gone, ...others } = get().edits;
  if (edit === null && gone === undefined) return;
  set({ edits: edit === null ? others : { ...others, [keyOf(name)]: edit } });
}

export const discardEdit = (name: string) => keep(name, null);

export interface Edit<T> {
  value: T;
  /** Only what differs from what is saved. */
  changes: Partial<T>;
  dirty: boolean;
  change(part: Partial<T>): void;
  discard(): void;
}

/** A form over `saved`, kept under `name`. What nobody touched follows what is saved. */
export function useEdit<T extends object>(name: string, saved: T): Edit<T> {
  const edit = useStore((state) => state.edits[keyOf(name)]) as Partial<T> | undefined;
  return useMemo(() => {
    const changes = changesOf(saved, edit);
    return {
      value: { ...saved, ...changes },
      changes,
      dirty: Object.keys(changes).length > 0,
      change: (part: Partial<T>) => {
        const next = changesOf(saved, { ...(get().edits[keyOf(name)] as Partial<T> | undefined), ...part });
        keep(name, Object.keys(next).length ? next : null);
      },
      discard: () => keep(name, null),
    };
  }, [name, edit, JSON.stringify(saved)]);
}

/** Whether something under `name` waits to be saved. */
export const useIsEdited = (name: string): boolean => useStore((state) => state.edits[keyOf(name)] !== undefined);

/** Say that it was saved and forget the edit. */
export function settled(name: string, words: string = t.admin.saved): void {
  discardEdit(name);
  toast(words, "good");
}

/** The conversation of a number; null when there is none to be seen. */
export async function findNumber(number: string): Promise<Id | null> {
  if (!/^\d{1,12}$/.test(number)) return null;
  const page = await api.listConversations({ view: "all", state: "any", q: number }, null);
  return page.rows.find((row) => row.number === Number(number))?.id ?? null;
}
