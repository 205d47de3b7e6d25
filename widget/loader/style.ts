/** The loader's stylesheet. `--a` is the accent, `--i` the ink on it; the side is physical, the loader mirrors it for pages that read from the right. */

export const STYLE = `
:host{all:initial}
*{box-sizing:border-box}
aside{position:fixed;z-index:2147483000;inset:auto 20px calc(20px + env(safe-area-inset-bottom)) auto;font:600 12px/1 system-ui,sans-serif}
aside.left{left:20px;right:auto}
button{position:relative;width:56px;height:56px;padding:13px;border:0;border-radius:50%;background:var(--a);color:var(--i);cursor:pointer;box-shadow:0 6px 20px rgba(16,24,32,.24);transition:transform .15s}
button:hover{transform:scale(1.05)}
button:focus-visible{outline:3px solid var(--i);outline-offset:-6px}
svg{width:30px;height:30px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;top:-3px;right:-3px;min-width:22px;height:22px;padding:5px 6px;border-radius:11px;background:#c62828;color:#fff;text-align:center;box-shadow:0 0 0 2px #fff}
b:empty{display:none}
i{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
iframe{position:absolute;inset:auto 0 68px auto;width:380px;height:640px;max-height:calc(100vh - 108px);border:0;border-radius:14px;background:Canvas;color-scheme:light dark;box-shadow:0 0 0 1px rgba(128,128,128,.25),0 12px 48px rgba(16,24,32,.28);visibility:hidden;opacity:0;transform:translateY(12px);transition:opacity .16s,transform .16s,visibility 0s .16s}
.left iframe{inset:auto auto 68px 0}
.open iframe{visibility:visible;opacity:1;transform:none;transition-delay:0s}
@media(max-width:480px){.open iframe{position:fixed;inset:0;width:100%;height:100%;max-height:none;border-radius:0}.open button{display:none}}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{aside{display:none}}`;
