package kernlog

import (
	"errors"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Verdicts of a netfilter event.
const (
	verdictAccept  = "accept"
	verdictDrop    = "drop"
	verdictReject  = "reject"
	verdictNone    = "none"    // logged for audit, nothing decided
	verdictUnknown = "unknown" // the prefix does not say
)

// The built-in chains.
const (
	chainInput   = "INPUT"
	chainOutput  = "OUTPUT"
	chainForward = "FORWARD"

	chainPrerouting = "PREROUTING" // before it is known whose the packet is
)

// A Prefix says how to read the log prefix of a firewall rule. It fits every
// prefix that begins with Text; of several, the longest counts. An empty Text fits
// the empty prefix alone.
type Prefix struct {
	Text    string // quotes and blanks around the logged prefix do not count
	Verdict string // accept, drop, reject, none or unknown
	Chain   string // a chain, or "" to take it from the interfaces
}

// ParsePrefix reads "TEXT=VERDICT[:CHAIN]". The last "=" counts, so TEXT may
// hold others.
func ParsePrefix(s string) (Prefix, error) {
	i := strings.LastIndexByte(s, '=')
	if i < 0 {
		return Prefix{}, errors.New("a prefix is TEXT=VERDICT[:CHAIN], but " + quote(s) + " has no =")
	}
	verdict, chain, hasChain := strings.Cut(s[i+1:], ":")
	x := Prefix{Text: trimPrefix(s[:i]), Verdict: verdict, Chain: chain}
	switch {
	case !slices.Contains([]string{verdictAccept, verdictDrop, verdictReject, verdictNone, verdictUnknown}, verdict):
		return Prefix{}, errors.New("a verdict is accept, drop, reject, none or unknown, not " + quote(verdict))
	case hasChain && !isChain(chain):
		return Prefix{}, errors.New("not the name of a chain: " + quote(chain))
	}
	return x, nil
}

// isChain checks a name that nft and iptables take.
func isChain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isKeyByte(c) && c != '-' && c != '.' {
			return false
		}
	}
	return s != "" && len(s) <= 28 && s[0] != '-'
}

// longestFirst returns a sorted copy.
func longestFirst(list []Prefix) []Prefix {
	list = slices.Clone(list)
	for i := range list {
		list[i].Text = trimPrefix(list[i].Text)
	}
	slices.SortStableFunc(list, func(a, b Prefix) int { return len(b.Text) - len(a.Text) })
	return list
}

// trimPrefix takes off the blanks and quotes that rule sets leave around a prefix.
func trimPrefix(s string) string {
	for s != "" && isPrefixEdge(s[0]) {
		s = s[1:]
	}
	for s != "" && isPrefixEdge(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isPrefixEdge(c byte) bool { return c == ' ' || c == '"' || c == '\'' }

// readPrefix fills in what the prefix of a netfilter message says. It returns its
// form if rules with such a prefix are limited in rate, and whether it is the prefix
// of a firewall: text of the kernel's own may stand there as well, and hold what a
// stranger has named a cgroup or a USB device.
func (p *Parser) readPrefix(prefix string, f *record.Fields) (limited string, known bool) {
	f[record.FPrefix], f[record.FVerdict] = prefix, verdictUnknown
	text := trimPrefix(prefix)
	for _, x := range p.prefixes {
		if rest, ok := strings.CutPrefix(text, x.Text); ok && (x.Text != "" || rest == "") {
			f[record.FVerdict], f[record.FChain], f[record.FHook] = x.Verdict, x.Chain, hookOf(x.Chain)
			return "", isOnePrefix(prefix, rest)
		}
	}
	if text == "" { // the kernel's own words would stand before a name
		return "", true
	}
	t, r := findTemplate(text)
	if t == nil {
		r = reading{}
		if !r.plainWords(text) {
			return "", false
		}
	}
	if r.verdict != "" {
		f[record.FVerdict] = r.verdict
	}
	f[record.FChain], f[record.FZone], f[record.FCause], f[record.FHook] = r.chain, r.zone, r.cause, hookOf(r.chain)
	if t == nil {
		return "", len(prefix) <= maxLogPrefix
	}
	if f[record.FHook] == "" { // none of the firewalls logs before its filter but where it says so
		f[record.FHook] = hookOfInterfaces(f)
	}
	if t.limited {
		limited = t.text
	}
	return limited, isOnePrefix(prefix, r.rest)
}

// findTemplate returns the first form that a prefix has, and what it says; nil where it
// has none.
func findTemplate(text string) (*template, reading) {
	first, _, _ := strings.Cut(text, " ")
	pair := isPair(first) // most prefixes are none, and many forms begin so
	for _, t := range byFirst[text[0]] {
		if !pair && t.text[0] == '%' && t.text[1] == 'p' {
			continue
		}
		var r reading
		if !r.match(t.text, text) {
			continue
		}
		if t.verdict != "" {
			r.verdict = t.verdict
		}
		if t.chain != "" {
			r.chain = t.chain
		}
		if t.zone != "" {
			r.zone = t.zone
		}
		r.cause = t.cause
		return t, r
	}
	return nil, reading{}
}

// hookOf is the hook that a chain is of, where its name says so.
func hookOf(chain string) string {
	switch chain {
	case chainInput, chainOutput, chainForward, chainPrerouting:
		return chain
	case "raw", "rpfilter", "mangle", "dnat", "DNAT":
		return chainPrerouting
	}
	if strings.EqualFold(chain, chainPrerouting) {
		return chainPrerouting
	}
	return ""
}

// maxLogPrefix is the longest prefix of a rule (include/uapi/linux/netfilter/nf_log.h,
// NF_LOG_PREFIXLEN, without its NUL).
const maxLogPrefix = 127

// isOnePrefix reports whether a prefix of which the beginning is known can be one
// whole, by its rest. The kernel's messages that begin with a name, such as that of a
// process, which can be that beginning, go on with ": ".
func isOnePrefix(prefix, rest string) bool {
	return len(prefix) <= maxLogPrefix && !strings.Contains(strings.TrimRight(rest, " "), ": ")
}
