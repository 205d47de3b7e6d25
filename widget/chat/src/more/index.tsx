/** What is fetched late: the menu "always in reach", the forms behind it, and what is asked at the end. */
import sheet from "./panels.css?url";

export { Menu } from "./Menu";
export { Panels } from "./Panels";

/** Fulfilled when the stylesheet is there, or will not come: plain forms are better than none. */
export const dressed = new Promise<unknown>((resolve) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = sheet;
  link.onload = link.onerror = resolve;
  document.head.append(link);
});
