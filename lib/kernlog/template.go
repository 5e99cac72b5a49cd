package kernlog

import "strings"

// template is the form of the prefixes that one firewall writes. In its text
// %v is a word for a verdict, %d one for a direction or chain, %z a zone, %p the
// names of two zones or a chain with both, %w any name, %f a family of VyOS, %n a
// letter for its actions after which the packet goes on, and %* the rest; everything
// else stands for itself. The text is without the quotes and blanks around it.
type template struct {
	text    string
	verdict string // where the text does not say it
	chain   string // the same
	zone    string // the same
	cause   string // of the verdict, where the text says it
	limited bool   // the rule is limited in rate
}

// mayBegin reports whether a prefix that begins with c may have the form of t.
func (t *template) mayBegin(c byte) bool {
	switch {
	case t.text[0] != '%':
		return t.text[0] == c
	case t.text[1] == 'v':
		return strings.IndexByte("DRAdra", c) >= 0
	case t.text[1] == 'p':
		return isLetter(c) || isDigit(c)
	default: // %d
		return strings.IndexByte("IOFP", c) >= 0
	}
}

// reading is what a template makes of a prefix.
type reading struct {
	verdict, chain, zone, cause string
	rest                        string // what a %* stands for
}

// verdictWords and directionWords: longer before shorter, as the first fits.
var verdictWords = [...][2]string{
	{"DROP", verdictDrop}, {"drop", verdictDrop}, {"DENY", verdictDrop},
	{"REJECT", verdictReject}, {"reject", verdictReject},
	{"ACCEPT", verdictAccept}, {"accept", verdictAccept}, {"ALLOW", verdictAccept}, {"ACC", verdictAccept},
}

var directionWords = [...][2]string{
	{"INPUT", chainInput}, {"INP", chainInput}, {"IN", chainInput},
	{"OUTPUT", chainOutput}, {"OUT", chainOutput},
	{"FORWARD", chainForward}, {"FWDI", chainForward}, {"FWDO", chainForward}, {"FWD", chainForward}, {"PASS", chainForward},
}

var familyWords = [...][2]string{{"ipv4"}, {"ipv6"}, {"bri"}}

// isPair reports whether a name is that of two zones ("net-fw", "net2fw") or of a chain
// of a zone ("loc_frwd"). One of nothing but plain words ("nft-in") is none.
func isPair(name string) bool {
	at := strings.IndexAny(name, "-2")
	if at <= 0 || at == len(name)-1 {
		return strings.HasSuffix(name, "_frwd") || strings.HasSuffix(name, "_fwd") ||
			strings.HasSuffix(name, "_in") || strings.HasSuffix(name, "_out")
	}
	_, known := plainWord(strings.ToLower(name[:at]))
	if known {
		_, known = plainWord(strings.ToLower(name[at+1:]))
	}
	return !known
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
		case 'p':
			return matchName(&r.zone, r, form, text) && isPair(r.zone)
		case 'w':
			return matchName(new(string), r, form, text)
		case 'f':
			return matchWord(familyWords[:], new(string), r, form, text)
		case 'n':
			if text == "" || strings.IndexByte("CJONQ", text[0]) < 0 {
				return false
			}
			text = text[1:]
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
