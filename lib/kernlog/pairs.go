package kernlog

import "strings"

// pair is one key=value of an AppArmor message, not yet decoded.
type pair struct {
	key    string
	value  string // without quotes
	quoted bool
	at     int // offset of the key in the line
}

// enrichment separates what the kernel wrote from what auditd's ENRICHED format
// adds: user and group names.
const enrichment = 0x1d

// maxKey bounds a key, in bytes; the longest known one has 14.
const maxKey = 32

// pairs splits a message into key=value pairs. It decodes nothing, so that no
// name can end a value or begin a key: the kernel writes a name that has a
// quote, a blank or a control character in hex.
type pairs struct {
	cursor
	base int  // offset of the message in the line
	user bool // the message is inside msg='...'
}

// next returns the next pair; more is false at the end.
func (p *pairs) next() (kv pair, more bool, err error) {
	p.blanks()
	if p.done() || p.s[p.i] == enrichment {
		return pair{}, false, nil
	}
	if p.user && p.s[p.i] == '\'' {
		p.i++
		if p.done() || p.s[p.i] == ' ' || p.s[p.i] == enrichment {
			return pair{}, false, nil // only names that auditd added follow
		}
		return pair{}, false, p.fail("text after the closing quote")
	}
	kv.at = p.base + p.i
	start := p.i
	for p.i < len(p.s) && p.i < start+maxKey && isKeyByte(p.s[p.i]) {
		p.i++
	}
	kv.key = p.s[start:p.i]
	if kv.key == "" || !p.lit("=") {
		p.i = start
		return pair{}, false, p.fail("no key=value")
	}
	if p.lit(`"`) {
		kv.quoted = true
		start = p.i
		n := strings.IndexByte(p.rest(), '"')
		if n < 0 {
			p.i = kv.at - p.base
			return pair{}, false, p.fail("a value without its closing quote")
		}
		p.i += n
		kv.value = p.s[start:p.i]
		p.i++
		if p.user && !p.lit("\n") { // dbus-daemon ends its message with a newline, behind which libaudit adds its own
			p.lit("#012") // as rsyslog writes it
		}
	} else {
		start = p.i
		for p.i < len(p.s) && !p.isEnd(p.s[p.i]) {
			p.i++
		}
		kv.value = p.s[start:p.i]
	}
	if !p.done() && !p.isEnd(p.s[p.i]) {
		return pair{}, false, p.fail("no blank after the value of " + kv.key)
	}
	return kv, true, nil
}

// isEnd reports whether c ends a value.
func (p *pairs) isEnd(c byte) bool {
	return c == ' ' || c == enrichment || c == '\'' && p.user
}

func (p *pairs) fail(what string) error {
	return &Error{p.base + p.i, what + ": " + quote(p.rest())}
}

func isKeyByte(c byte) bool {
	return 'a' <= c && c <= 'z' || c == '_' || isDigit(c) || 'A' <= c && c <= 'Z'
}
