/** The icon set: 24 px grid, 1.5 px stroke, always hidden from assistive technology because the control beside it has a name. */

const PATHS = {
  close: "M6 6l12 12M18 6 6 18",
  attach: "M20 11.5l-7.8 7.8a5 5 0 0 1-7.1-7.1l8-8a3.4 3.4 0 0 1 4.8 4.8l-7.9 7.9a1.7 1.7 0 0 1-2.5-2.4l7.2-7.2",
  send: "M4.5 12 3.6 5.2c-.1-.8.7-1.4 1.4-1.1l15 7c.8.4.8 1.5 0 1.9l-15 7c-.7.3-1.5-.3-1.4-1.1L4.5 12Zm0 0h7",
  file: "M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5L13.5 3Zm0 0v5.5H19",
  picture: "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm-1 12 4.5-4.5L13 16l3-3 4 4M15 9h.01",
  alert: "M12 8v5m0 3h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z",
  ways: "M11 5a1 1 0 1 0 2 0 1 1 0 1 0-2 0m0 7a1 1 0 1 0 2 0 1 1 0 1 0-2 0m0 7a1 1 0 1 0 2 0 1 1 0 1 0-2 0",
  down: "M12 5v14m-6-6 6 6 6-6",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
