package kernlog

import (
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// readFields reads the key=value pairs of r into ev and holds them against what
// their class must say. It returns the fields that may have a value now.
func readFields(r *auditRecord, ev *record.Event) (seen record.FieldSet, err error) {
	p := pairs{cursor: cursor{s: r.body}, base: r.at, user: r.user}
	for {
		var kv pair
		more, err := p.next(&kv)
		if err != nil {
			return seen, err
		}
		if !more {
			break
		}
		if !kv.known || r.user && !kv.quoted && kv.value == "?" { // audit's word for unknown
			continue
		}
		v, err := decode(&kv, r)
		if err != nil {
			return seen, err
		}
		if seen.Has(kv.field.to) && ev.Fields[kv.field.to] != v {
			if kv.field.to == record.FClass && isNameless(v) {
				continue // audit_mqueue_cb names the class, too
			}
			if kv.field.to != record.FClass || !isNameless(ev.Fields[record.FClass]) {
				return seen, &Error{kv.at, "a second " + kv.field.to.String() + " that differs from the first"}
			}
		}
		seen.Add(kv.field.to)
		ev.Fields[kv.field.to] = v
	}
	if v := &ev.Fields[record.FVerdict]; *v == "" {
		*v = r.verdict
	} else if r.verdict != "" && r.verdict != *v {
		return seen, &Error{r.at, "apparmor= contradicts the type of the record: " + quote(*v)}
	}
	if ev.Fields[record.FProfile] == "" {
		ev.Fields[record.FProfile] = ev.Fields[record.FLabel]
	}
	if what := check(&ev.Fields, &seen, r.user, r.verdict != ""); what != "" {
		return seen, &Error{r.at, what}
	}
	for _, f := range [...]record.Field{record.FVerdict, record.FClass, record.FProfile, record.FCapname} {
		seen.Add(f) // what was not said, but follows
	}
	return seen, nil
}

// decode returns the value that was meant. It must be written as the writer of the
// message r writes it: a user-space object manager encodes nothing but what libaudit
// adds (exe), and what was decoded already has lost its form.
func decode(kv *pair, r *auditRecord) (string, error) {
	v, user := kv.value, r.user
	ok := false
	switch f := kv.field.form; f {
	case quoted:
		ok = kv.quoted
	case word:
		ok = true
	case number:
		ok = !kv.quoted && isNumber(v)
	case untrust, label, address:
		switch {
		case kv.quoted:
			ok = user || r.decoded || !mustEncode(v)
			if f == address && !user {
				v = abstract(v)
			}
		case f == label && v == "", f == address && v == "none":
			ok = true // none could be printed; an unnamed socket
		case !user || kv.key == "exe":
			v, ok = decodeHex(v)
		}
	}
	if !ok {
		return "", &Error{kv.at, "not how " + kv.key + " is written: " + quote(kv.value)}
	}
	return v, nil
}

// abstract returns an address in which the name behind the "@" is decoded: the
// kernel writes it in hex inside of the quotes (security/apparmor/net.c,
// audit_unix_addr). Digits that make a name without a byte that it would have to
// encode are the name.
func abstract(addr string) string {
	digits, ok := strings.CutPrefix(addr, "@")
	if !ok {
		return addr
	}
	name, ok := decodeHex(digits)
	if !ok || !mustEncode(name) && strings.IndexByte(name, '"') < 0 {
		return addr
	}
	return "@" + name
}

// mustEncode reports whether audit_log_untrustedstring would have written the
// text in hex (kernel/audit.c, audit_string_contains_control). The quote is
// not asked for: a quoted value has none.
func mustEncode(s string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; len(s) >= 8; s = s[8:] { // eight bytes at a time
		w := binary.LittleEndian.Uint64([]byte(s[:8]))
		if ((w-ones*0x21)|(w+ones)|w)&highs != 0 {
			return true
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x21 || s[i] > 0x7e {
			return true
		}
	}
	return false
}

// decodeHex undoes audit_log_n_hex: upper case, two digits a byte.
func decodeHex(s string) (string, bool) {
	if s == "" || strings.ContainsAny(s, "abcdef") {
		return "", false
	}
	b, err := hex.DecodeString(s)
	return string(b), err == nil
}

func isNumber(s string) bool { return isDecimal(strings.TrimPrefix(s, "-")) }

// isDecimal reports whether s is one to twenty digits.
func isDecimal(s string) bool {
	return s != "" && len(s) <= 20 && skipDigits(s, 0) == len(s)
}
