// Draw again only when a property changed. (preact/compat has this too, with much that is not needed here.)
import { Component, h, type FunctionComponent, type VNode } from "preact";
import { alike } from "../store/store";

export function memo<P extends object>(inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !alike(this.props, next);
    }
    override render(): VNode {
      return h(inner as FunctionComponent<object>, this.props as object);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
