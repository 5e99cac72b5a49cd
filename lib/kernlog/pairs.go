package kernlog

import "strings"

// pair is one key=value of an AppArmor message, not yet decoded.
type pair struct {
	key    string
	field  field
	known  bool   // the key has a field
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

// next reads the next pair into kv; more is false at the end.
func (p *pairs) next(kv *pair) (more bool, err error) {
	p.blanks()
	if p.done() || p.s[p.i] == enrichment || !isLower(p.s[p.i]) && p.enriched() {
		return false, nil
	}
	if p.user && p.s[p.i] == '\'' {
		p.i++
		if p.done() || p.s[p.i] == ' ' || p.s[p.i] == enrichment || p.enriched() {
			return false, nil // only names that auditd added follow
		}
		return false, p.fail("text after the closing quote")
	}
	start := p.i
	n := strings.IndexByte(p.s[start:min(start+maxKey+1, len(p.s))], '=')
	if n <= 0 {
		return false, p.fail("no key=value")
	}
	kv.at = p.base + start
	kv.key = p.s[start : start+n]
	if kv.field, kv.known = keyField(kv.key); !kv.known && !isKey(kv.key) {
		return false, p.fail("no key=value")
	}
	p.i += n + 1
	if kv.quoted = !p.done() && p.s[p.i] == '"'; kv.quoted {
		p.i++
		n = strings.IndexByte(p.rest(), '"')
		if n < 0 {
			p.i = start
			return false, p.fail("a value without its closing quote")
		}
		kv.value = p.s[p.i : p.i+n]
		p.i += n + 1
		if p.user && !p.lit("\n") { // dbus-daemon ends its message with a newline, behind which libaudit adds its own
			p.lit("#012") // as rsyslog writes it
		}
	} else {
		start = p.i
		for p.i < len(p.s) && !p.isEnd(p.s[p.i]) {
			p.i++
		}
		kv.value = p.s[start:p.i]
		if kv.field.form != word && len(kv.value) > len(`="`) && strings.IndexByte(kv.value, '"') > 0 && kv.known {
			p.unglue(kv, start)
		}
	}
	if !p.done() && !p.isEnd(p.s[p.i]) && !p.isGlued(kv) {
		return false, p.fail("no blank after the value of " + kv.key)
	}
	return true, nil
}

// gluedKey is written without a blank before it (security/apparmor/ipc.c,
// audit_mqueue_cb, in some kernels).
const gluedKey = `class="`

// unglue ends a value without quotes, which begins at start, before such a key or
// before the first of the names that auditd added. None that is a number or
// hexadecimal can hold either.
func (p *pairs) unglue(kv *pair, start int) {
	n := strings.Index(kv.value, gluedKey)
	if n <= 0 || p.user {
		n = enrichmentIn(kv.value)
	}
	if n > 0 {
		kv.value, p.i = kv.value[:n], start+n
	}
}

// isGlued reports whether the value of kv is followed without a blank by another
// key, or by the names that auditd added.
func (p *pairs) isGlued(kv *pair) bool {
	return p.enriched() || !p.user && kv.known && p.cursor.next(gluedKey)
}

// isEnd reports whether c ends a value.
func (p *pairs) isEnd(c byte) bool {
	return c == ' ' || c == enrichment || c == '\'' && p.user
}

func (p *pairs) fail(what string) error {
	return &Error{p.base + p.i, what + ": " + quote(p.rest())}
}

// isKey checks a key that is not known.
func isKey(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isKeyByte(s[i]) {
			return false
		}
	}
	return true
}

func isKeyByte(c byte) bool {
	return 'a' <= c && c <= 'z' || c == '_' || isDigit(c) || 'A' <= c && c <= 'Z'
}
