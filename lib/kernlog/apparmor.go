package kernlog

import (
	"encoding/hex"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// fieldSet is a set of fields.
type fieldSet [(record.NumFields + 63) / 64]uint64

func (s *fieldSet) has(f record.Field) bool { return s[f/64]&(1<<(f%64)) != 0 }
func (s *fieldSet) add(f record.Field)      { s[f/64] |= 1 << (f % 64) }

// readFields reads the key=value pairs of r into ev and holds them against what
// their class must say.
func readFields(r *auditRecord, ev *record.Event) error {
	p := pairs{cursor: cursor{s: r.body}, base: r.at, user: r.user}
	var seen fieldSet
	for {
		kv, more, err := p.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		f, known := keyField(kv.key)
		if !known || r.user && !kv.quoted && kv.value == "?" { // audit's word for unknown
			continue
		}
		v, err := decode(kv, f.form, r.user)
		if err != nil {
			return err
		}
		if seen.has(f.to) && ev.Fields[f.to] != v {
			return &Error{kv.at, "a second " + f.to.String() + " that differs from the first"}
		}
		seen.add(f.to)
		ev.Fields[f.to] = v
	}
	if v := &ev.Fields[record.FVerdict]; *v == "" {
		*v = r.verdict
	} else if r.verdict != "" && r.verdict != *v {
		return &Error{r.at, "apparmor= contradicts the type of the record: " + quote(*v)}
	}
	if ev.Fields[record.FProfile] == "" {
		ev.Fields[record.FProfile] = ev.Fields[record.FLabel]
	}
	if what := check(&ev.Fields, r.user, r.verdict != ""); what != "" {
		return &Error{r.at, what}
	}
	return nil
}

// decode returns the value that was meant. It must be written as the writer of
// the message writes it; user says that this is a user-space object manager,
// which encodes nothing but what libaudit adds (exe).
func decode(kv pair, f form, user bool) (string, error) {
	v := kv.value
	ok := false
	switch f {
	case quoted:
		ok = kv.quoted
	case word:
		ok = true
	case number:
		ok = !kv.quoted && isNumber(v)
	case untrust, address:
		switch {
		case kv.quoted:
			ok = user || !mustEncode(v)
		case v == "", f == address && v == "none":
			ok = true // a label that the kernel could not print; an unnamed socket
		case !user || kv.key == "exe":
			v, ok = decodeHex(v)
		}
	}
	if !ok {
		return "", &Error{kv.at, "not how " + kv.key + " is written: " + quote(kv.value)}
	}
	return v, nil
}

// mustEncode reports whether audit_log_untrustedstring would have written the
// text in hex (kernel/audit.c, audit_string_contains_control). The quote is
// not asked for: a quoted value has none.
func mustEncode(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x21 || s[i] > 0x7e {
			return true
		}
	}
	return false
}

// decodeHex undoes audit_log_n_hex: upper case, two digits a byte.
func decodeHex(s string) (string, bool) {
	if strings.ContainsAny(s, "abcdef") {
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
