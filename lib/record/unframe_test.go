package record

import (
	"bytes"
	"strings"
	"testing"
)

// sameRecord holds the short way against the long one, and returns whether the
// line went the short way.
func sameRecord(t *testing.T, line []byte) bool {
	t.Helper()
	var short Record
	scratch := []byte("before")
	before := bytes.Clone(line)
	if !short.Unframe(line, &scratch) {
		return false
	}
	var m Message
	if err := m.Decode(line); err != nil || m.Type != TypeRecord || m.Record != short {
		t.Errorf("%q: %+v, but decoded it is %+v, %v", line, short, m.Record, err)
	}
	if !bytes.Equal(line, before) || !bytes.HasPrefix(scratch, []byte("before")) {
		t.Errorf("%q: the line or what was in scratch is overwritten", line)
	}
	return true
}

func TestUnframe(t *testing.T) {
	for line, want := range map[string]bool{
		`{"v":1,"type":"record","src":"00112233aabbccdd","line":1,"text":"a"}`:                     true,
		`{"v":1,"type":"record","src":"","line":0,"text":""}`:                                      true,
		`{"v":1,"type":"record","src":"s","line":123456789012345,"text":"a \"b\"\\"}`:              true,
		`{"v":1,"type":"record","src":"s","line":1,"text":"\"0123456789012345678\\01234567890\""}`: true,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a\n"}`:                                  false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"\"a\u001b"}`:                            false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"é"}`:                                    false,
		`{"v":1,"type":"record","src":"s","line":1234567890123456,"text":"a"}`:                     false,
		`{"v":1,"type":"record","src":"s","line":"18446744073709551615","text":"a"}`:               false,
		`{"v":1,"type":"record","src":"s","line":01,"text":"a"}`:                                   false,
		`{"v":1,"type":"record","src":"s","line":,"text":"a"}`:                                     false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a","text":"b"}`:                         false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"�","text_b64":"/w=="}`:                  false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a","more":1}`:                           false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a"} `:                                   false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a"}}`:                                   false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a\x"}`:                                  false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a` + "\x01" + `"}`:                      false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a` + "\x7f" + `"}`:                      false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a` + "\xff" + `"}`:                      false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a`:                                      false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a\"`:                                    false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"a\`:                                     false,
		`{"v":1,"type":"record","src":"s\u0041","line":1,"text":"a"}`:                              false,
		`{"v":1,"type":"record","line":1,"src":"s","text":"a"}`:                                    false,
		`{"v":1,"type":"record","src":"s","line":1,"text":"` + strings.Repeat("a", MaxLine) + `"}`: false,
	} {
		if got := sameRecord(t, []byte(line)); got != want {
			t.Errorf("%.100s: went the short way: %v, want %v", line, got, want)
		}
	}
}

// FuzzUnframe: what goes the short way says what it says on the long way; and
// printable text always goes it.
func FuzzUnframe(f *testing.F) {
	f.Add([]byte(`{"v":1,"type":"record","src":"00112233aabbccdd","line":1,"text":"a \"b\"\\"}`), []byte(`apparmor="DENIED"`))
	f.Add([]byte(`{"v":1,"type":"record","src":"s","line":1,"text":"\u001b"}`), []byte("\xff"))
	f.Fuzz(func(t *testing.T, line, text []byte) {
		sameRecord(t, line)
		printable := bytes.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) < 0
		framed := bytes.TrimSuffix(AppendRecord(nil, "00112233aabbccdd", 12, text), []byte("\n"))
		if got := sameRecord(t, framed); got != (printable && len(framed) < MaxLine) {
			t.Errorf("%q: went the short way: %v", text, got)
		}
	})
}
