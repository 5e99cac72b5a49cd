package kernlog

import "strings"

// template is the form of the prefixes that one firewall writes. In its text
// %v is a word for a verdict, %d one for a direction or chain, %z a zone, %w any
// name, and %* the rest; everything else stands for itself.
type template struct {
	text    string
	verdict string // where the text does not say it
	limited bool   // the rule is limited in rate
}

// templates in the order in which they are tried. The text is without the quotes
// and blanks around it.
var templates = [...]template{
	// ufw: /etc/ufw/*.rules, 3 a minute.
	{"[UFW BLOCK]", verdictDrop, true},
	{"[UFW ALLOW]", verdictAccept, true},
	{"[UFW LIMIT BLOCK]", verdictReject, true},
	{"[UFW AUDIT]", verdictNone, true},
	{"[UFW AUDIT INVALID]", verdictNone, true},
	// firewalld: core/nftables.py, core/ipXtables.py.
	{"FINAL_%v:", "", false},
	{"STATE_INVALID_%v:", "", false},
	{"filter_%d_%z_%v:", "", false},
	{"%d_%z_%v:", "", false},
	// Shorewall: LOGFORMAT, cut to 29 bytes.
	{"Shorewall:%d:%v:", "", false},
	{"Shorewall:%z:%v:", "", false},
	// OpenWrt: fw3, fw4. Its in and out are zones' sides, not chains.
	{"%v(src %z)", "", false},
	{"%v(dest %z)", "", false},
	{"%v %z in:", "", false},
	{"%v %z out:", "", false},
	{"%v %z forward:", "", false},
	{"%v %z invalid ct state:", "", false},
	// csf: csf.pl, 30 a minute.
	{"Firewall: *%w_%d Blocked*", verdictDrop, true},
	{"Firewall: *%w6%d Blocked*", verdictDrop, true},
	// SuSEfirewall2.
	{"SFW2-%d%z-%v-%*", "", false},
	{"SFW2-%d%z-%v", "", false},
	// Ubiquiti: [RULESET-RULE-LETTER], later [RULESET-LETTER-RULE] DESCR="...".
	{"[%z-%w-D]%*", verdictDrop, false},
	{"[%z-%w-R]%*", verdictReject, false},
	{"[%z-%w-A]%*", verdictAccept, false},
	{"[%z-D-%w]%*", verdictDrop, false},
	{"[%z-R-%w]%*", verdictReject, false},
	{"[%z-A-%w]%*", verdictAccept, false},
	// FireHOL.
	{"%v UNMATCHED %d-%z:", "", false},
	// Proxmox.
	{"policy %v:", "", false},
	{"PVEFW-%v:", "", false},
	// SyslogParse.
	{"IPTABLES%d:", "", false},
	// A prefix that says nothing but a verdict.
	{"%v:", "", false},
	{"[%v]", "", false},
	{"%v", "", false},
}

// mayBegin reports whether a prefix that begins with c may have the form of t.
func (t *template) mayBegin(c byte) bool {
	switch {
	case t.text[0] != '%':
		return t.text[0] == c
	case t.text[1] == 'v':
		return strings.IndexByte("DRAdra", c) >= 0
	default: // %d
		return strings.IndexByte("IOFP", c) >= 0
	}
}

// reading is what a template makes of a prefix.
type reading struct {
	verdict, chain, zone string
	rest                 string // what a %* stands for
}

// verdictWords and directionWords: longer before shorter, as the first fits.
var verdictWords = [...][2]string{
	{"DROP", verdictDrop}, {"drop", verdictDrop}, {"DENY", verdictDrop},
	{"REJECT", verdictReject}, {"reject", verdictReject},
	{"ACCEPT", verdictAccept}, {"accept", verdictAccept}, {"ALLOW", verdictAccept}, {"ACC", verdictAccept},
}

var directionWords = [...][2]string{
	{"INPUT", chainInput}, {"IN", chainInput},
	{"OUTPUT", chainOutput}, {"OUT", chainOutput},
	{"FORWARD", chainForward}, {"FWDI", chainForward}, {"FWDO", chainForward}, {"FWD", chainForward}, {"PASS", chainForward},
}

// match reports whether text has the form of a template, and reads it. A zone is
// as long as it can be.
func (r *reading) match(form, text string) bool {
	for {
		i := strings.IndexByte(form, '%')
		if i < 0 {
			return form == text
		}
		if !strings.HasPrefix(text, form[:i]) {
			return false
		}
		text = text[i:]
		kind := form[i+1]
		form = form[i+2:]
		switch kind {
		case '*':
			r.rest = text
			return true
		case 'v':
			return matchWord(verdictWords[:], &r.verdict, r, form, text)
		case 'd':
			return matchWord(directionWords[:], &r.chain, r, form, text)
		case 'z':
			return matchName(&r.zone, r, form, text)
		case 'w':
			return matchName(new(string), r, form, text)
		}
	}
}

// matchWord tries each word of a list in front of the rest of the form.
func matchWord(words [][2]string, to *string, r *reading, form, text string) bool {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(text, w[0]); ok && r.match(form, rest) {
			*to = w[1]
			return true
		}
	}
	return false
}

// maxName bounds a zone or chain in a prefix, in bytes, and with it the work of
// trying: chains of iptables have at most 28.
const maxName = 32

// matchName tries names in front of the rest of the form, the longest first.
func matchName(to *string, r *reading, form, text string) bool {
	n := 0
	for n < len(text) && n < maxName && (isKeyByte(text[n]) || text[n] == '-' || text[n] == '.') {
		n++
	}
	for ; n > 0; n-- {
		if r.match(form, text[n:]) {
			*to = text[:n]
			return true
		}
	}
	return false
}
