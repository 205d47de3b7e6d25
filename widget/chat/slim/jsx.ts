/** preact/jsx-runtime without the parts for servers and templates. */
import { createElement, Fragment, type ComponentType } from "preact";

export { Fragment };
export const jsx = (type: ComponentType<object>, props: object, key?: string) => createElement(type, key === undefined ? props : { ...props, key });
export { jsx as jsxs };
