package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/visible"
)

// sampleEvent is a denial as it stands in most logs.
func sampleEvent() *Event {
	e := &Event{
		Kind: AppArmor, Trust: TrustKernel, Time: "2026-05-26T23:47:43.396Z", Audit: "1779839263.396:3686",
		Host: "web1", Carrier: "audit", File: "/var/log/audit/audit.log", Line: 1207, Count: 1,
	}
	e.Fields[FVerdict] = "DENIED"
	e.Fields[FOperation] = "open"
	e.Fields[FClass] = "file"
	e.Fields[FProfile] = "/usr/sbin/cupsd"
	e.Fields[FName] = "/etc/ssl/private/printer.key"
	e.Fields[FPid] = "1288"
	e.Fields[FComm] = "cupsd"
	e.Fields[FRequestedMask] = "r"
	e.Fields[FDeniedMask] = "r"
	e.Fields[FFsuid] = "0"
	e.Fields[FOuid] = "0"
	return e
}

func TestGolden(t *testing.T) {
	inner := &Fields{}
	inner[FSrc], inner[FDst], inner[FProto] = "192.0.2.1", "8.8.8.8", "UDP"
	icmp := &Event{Kind: Netfilter, Trust: TrustLog, Reason: "syslog", Count: 1, Inner: inner}
	icmp.Fields[FVerdict], icmp.Fields[FProto], icmp.Fields[FIcmpType] = "drop", "ICMP", "3"
	odd := &Event{Kind: AppArmor, Count: 2}
	odd.Fields[FName] = "/a\xffb\x1b[31m\u202e\"\\\n\u0085é"
	odd.Fields[FPid] = "007"
	odd.Fields[FValue] = "9007199254740993"

	for _, test := range []struct {
		name string
		line []byte
		want string
	}{
		{"source", AppendSource(nil, &Source{ID: "00112233aabbccdd", Kind: "file", Path: "/var/log/kern.log", Dev: "254:1", Ino: 77, GID: 4, Mode: "0640", Size: 9, Mtime: "2026-05-26T23:47:43Z"}),
			`{"v":1,"type":"source","id":"00112233aabbccdd","kind":"file","path":"/var/log/kern.log","dev":"254:1","ino":77,"uid":0,"gid":4,"mode":"0640","size":9,"mtime":"2026-05-26T23:47:43Z"}`},
		{"record", AppendRecord(nil, "00112233aabbccdd", 3, []byte("a \"b\"\t\xfe")),
			`{"v":1,"type":"record","src":"00112233aabbccdd","line":3,"text":"a \"b\"\t�","text_b64":"YSAiYiIJ/g=="}`},
		{"event", AppendEvent(nil, sampleEvent()),
			`{"v":1,"type":"event","kind":"apparmor","trust":"kernel","time":"2026-05-26T23:47:43.396Z","audit":"1779839263.396:3686","host":"web1","carrier":"audit","file":"/var/log/audit/audit.log","line":1207,"count":1,"verdict":"DENIED","operation":"open","class":"file","profile":"/usr/sbin/cupsd","name":"/etc/ssl/private/printer.key","pid":1288,"comm":"cupsd","requested_mask":"r","denied_mask":"r","fsuid":0,"ouid":0}`},
		{"icmp", AppendEvent(nil, icmp),
			`{"v":1,"type":"event","kind":"netfilter","trust":"log","reason":"syslog","count":1,"verdict":"drop","proto":"ICMP","icmp_type":3,"inner":{"src":"192.0.2.1","dst":"8.8.8.8","proto":"UDP"}}`},
		{"odd", AppendEvent(nil, odd),
			`{"v":1,"type":"event","kind":"apparmor","trust":"none","count":2,"name":"/a�b\u001b[31m\u202e\"\\\n\u0085é","name_b64":"L2H/YhtbMzFt4oCuIlwKwoXDqQ==","pid":"007","value":"9007199254740993"}`},
		{"rule", AppendRule(nil, sampleRule()),
			`{"v":1,"type":"rule","lang":"apparmor","profile":"/usr/sbin/cupsd","text":"owner \"/a\" r,","rule":{"class":"file","owner":true,"path":"/a","access":["r"]},"made":["merged"],"danger":3,"why":"reads","evidence":{"count":4,"first":"2026-05-26T23:47:43Z","last":"2026-05-27T23:47:43Z","trust":"log","reason":"syslog","audits":["1.000:2"],"comms":["a","�"],"comms_b64":["YQ==","/w=="],"sample":{"file":"/var/log/kern.log","line":9}}}`},
		{"note", AppendNote(nil, &Note{Kind: "lost", Text: "3 messages were lost", Hint: "raise the limit"}),
			`{"v":1,"type":"note","kind":"lost","text":"3 messages were lost","hint":"raise the limit"}`},
		{"error", AppendError(nil, &Error{File: "-", Line: 2, Err: "cut short", Text: "apparmor="}),
			`{"v":1,"type":"error","file":"-","line":2,"error":"cut short","text":"apparmor="}`},
		{"mark", AppendMark(nil, &Mark{}), `{"v":1,"type":"mark","sources":[]}`},
		{"end", AppendEnd(nil, &End{Stage: "sl-read", In: 1 << 60, Out: 2, Sources: []Position{{Path: "-", Offset: 5, Line: 2}}, Sandbox: []string{"seccomp"}}),
			`{"v":1,"type":"end","stage":"sl-read","in":"1152921504606846976","out":2,"skipped":0,"errors":0,"lost":0,"sources":[{"path":"-","offset":5,"line":2}],"sandbox":["seccomp"]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(test.line); got != test.want+"\n" {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			again(t, test.line)
		})
	}
}

func sampleRule() *Rule {
	return &Rule{
		Lang: AppArmor, Profile: "/usr/sbin/cupsd", Text: `owner "/a" r,`,
		Typed: []Attr{{Name: "class", Text: "file"}, {Name: "owner", Flag: true}, {Name: "path", Text: "/a"}, {Name: "access", List: []string{"r"}}},
		Made:  []string{"merged"}, Danger: 3, Why: "reads",
		Evidence: Evidence{Count: 4, First: "2026-05-26T23:47:43Z", Last: "2026-05-27T23:47:43Z", Trust: TrustLog, Reason: "syslog",
			Audits: []string{"1.000:2"}, Comms: []string{"a", "\xff"}, Sample: Sample{File: "/var/log/kern.log", Line: 9}},
	}
}

// again decodes a line of ours and encodes it: the bytes must be the same.
func again(t interface {
	Helper()
	Fatalf(string, ...any)
}, line []byte) {
	t.Helper()
	var m Message
	if err := m.Decode(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if got := m.append(nil); !bytes.Equal(got, line) {
		t.Fatalf("encoded again: %s\nwas:           %s", got, line)
	}
}

func (m *Message) append(dst []byte) []byte {
	switch m.Type {
	case TypeSource:
		return AppendSource(dst, &m.Source)
	case TypeRecord:
		return AppendRecord(dst, m.Record.Src, m.Record.Line, []byte(m.Record.Text))
	case TypeEvent:
		return AppendEvent(dst, &m.Event)
	case TypeRule:
		return AppendRule(dst, &m.Rule)
	case TypeNote:
		return AppendNote(dst, &m.Note)
	case TypeError:
		return AppendError(dst, &m.Error)
	case TypeMark:
		return AppendMark(dst, &m.Mark)
	case TypeEnd:
		return AppendEnd(dst, &m.End)
	}
	return dst
}

func TestStrict(t *testing.T) {
	const note = `{"v":1,"type":"note","kind":"k","text":"t"`
	for _, test := range []struct{ line, want string }{
		{``, "not a record of sl"},
		{`hello`, "not a record of sl"},
		{`[1]`, "not a record of sl"},
		{note, `"," expected`},
		{note + `}x`, "bytes after the end"},
		{note + `} {}`, "bytes after the end"},
		{note + `,"text":"u"}`, `duplicate key "text"`},
		{note + `,"x":1,"x":2}`, `duplicate key "x"`},
		{note + `,"x":{"y":1,"y":2}}`, `duplicate key "y"`},
		{note + `,"te\u0078t":"u"}`, `duplicate key "text"`},
		{note + `,"Hint":"u"}`, `differs from "hint" in letter case only`},
		{note + `,"\u212aind":"u"}`, `differs from "kind" in letter case only`},
		{note + `,"hint":"` + "\xff" + `"}`, "byte 51: not UTF-8"},
		{note + `,"hint":"` + "\x01" + `"}`, "control character"},
		{note + `,"hint":"\ud800"}`, "surrogate"},
		{note + `,"hint":"\x41"}`, "unknown escape"},
		{note + `,"hint":"\u00g0"}`, "unknown escape"},
		{note + `,"hint":3}`, "string expected"},
		{note + `,"hint":"a`, "string without an end"},
		{note + `,"hint":"a\`, "string without an end"},
		{note + `,"hint":tru}`, "string expected"},
		{note + `,"x":tru}`, "value expected"},
		{note + `,"x":01}`, `"," expected`},
		{note + `,"x":1.}`, "number expected"},
		{note + `,"x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "nested too deep"},
		{note + `,"hint_b64":"YQ=="}`, "does not fit its text"},
		{note + `,"hint":"�","hint_b64":"YQ=="}`, "does not fit its text"},
		{note + `,"hint":"a","hint_b64":"YQ=="}`, "is not needed"},
		{note + `,"hint":"a","hint_b64":"!"}`, "not base64"},
		{`{"v":1,"type":"note","kind":"k"}`, `key "text" is missing`},
		{`{"v":1,"type":"error","error":"e","line":-1}`, "not a whole number"},
		{`{"v":1,"type":"error","error":"e","line":1.5}`, "not a whole number"},
		{`{"v":1,"type":"error","error":"e","line":1e3}`, "not a whole number"},
		{`{"v":1,"type":"error","error":"e","line":"01"}`, "not a whole number"},
		{`{"v":1,"type":"event","kind":"apparmor","trust":"root","count":1}`, "not a level of trust"},
		{`{"v":1,"type":"event","kind":"apparmor","trust":"log","count":1,"pid":1.5}`, "not a whole number"},
		{`{"v":1,"type":"event","kind":"apparmor","trust":"log","count":1,"inner":{"src":"a","src":"b"}}`, `duplicate key "src"`},
		{`{"v":1,"type":"rule","lang":"x","text":"t","danger":256,"evidence":{"count":1,"trust":"log"}}`, "from 0 to 255"},
		{`{"v":1,"type":"rule","lang":"x","text":"t","danger":1,"rule":{"a":false},"evidence":{"count":1,"trust":"log"}}`, "true expected"},
		{`{"v":1}`, "no type"},
	} {
		var m Message
		err := m.Decode([]byte(test.line))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.line, err, test.want)
		}
	}
}

func TestTolerated(t *testing.T) {
	for _, test := range []struct {
		line string
		want Type
	}{
		{`{"type":"note","v":1,"text":"t","kind":"k"}`, TypeNote},
		{` { "v" : 1 , "type" : "note" , "kind":"k","text":"t" } `, TypeNote},
		{`{"v":1,"type":"note","kind":"k","text":"t","new":[1,{"a":null}],"n":-1.5e+3}`, TypeNote},
		{`{"v":1,"type":"weather","x":{"y":[]}}`, TypeUnknown},
		{`{"v":1,"type":"error","error":"e","line":"18446744073709551615"}`, TypeError},
	} {
		var m Message
		if err := m.Decode([]byte(test.line)); err != nil || m.Type != test.want {
			t.Errorf("%s: %v, %v, want %v", test.line, m.Type, err, test.want)
		}
	}
	var m Message
	if err := m.Decode([]byte(`{"v":2,"type":"note"}`)); err != ErrVersion {
		t.Errorf("version 2: %v", err)
	}
	long := append([]byte(`{"v":1,"type":"note","kind":"k","text":"`), bytes.Repeat([]byte("a"), MaxLine)...)
	if err := m.Decode(append(long, `"}`...)); err != ErrLong {
		t.Errorf("long line: %v", err)
	}
}

// anyText favours what is hard: escapes, bytes that are not UTF-8, controls.
func anyText() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\xff", "\xc3", "\"", "\\", "\n", "\x7f", "\u0085", "\u202e", "\uFFFD", "0", "-1", "9007199254740993", "\U0001F600"}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 20), func(b []byte) string { return string(b) }))
	return rapid.Map(rapid.SliceOfN(piece, 0, 4), func(p []string) string { return strings.Join(p, "") })
}

// anyEvent is an event with text of any kind anywhere.
func anyEvent(t *rapid.T) *Event {
	text := anyText()
	e := &Event{Kind: AppArmor, Trust: Trust(rapid.IntRange(0, 3).Draw(t, "trust")), Reason: text.Draw(t, "reason"),
		Time: text.Draw(t, "time"), Audit: text.Draw(t, "audit"), Host: text.Draw(t, "host"), Carrier: text.Draw(t, "carrier"),
		File: text.Draw(t, "file"), Line: rapid.Uint64().Draw(t, "line"), Count: rapid.Uint64().Draw(t, "count"),
		First: text.Draw(t, "first"), Last: text.Draw(t, "last")}
	for range rapid.IntRange(0, 6).Draw(t, "fields") {
		e.Fields[rapid.IntRange(0, int(NumFields)-1).Draw(t, "field")] = text.Draw(t, "value")
	}
	if rapid.Bool().Draw(t, "inner") {
		e.Inner = &Fields{FSrc: text.Draw(t, "src")}
	}
	return e
}

// TestAppendEvent: the function for events says what their columns say, and with
// a set of fields what it says without.
func TestAppendEvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		want := appendLine(nil, TypeEvent, eventColumns, e)
		if got := AppendEvent(nil, e); !bytes.Equal(got, want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		var set FieldSet
		for f, value := range e.Fields {
			if value != "" || rapid.Bool().Draw(t, "more") {
				set.Add(Field(f))
			}
		}
		if got := AppendEventOf([]byte("before"), e, set); string(got) != "before"+string(want) {
			t.Fatalf("%v: got  %s\nwant %s", set, got, want)
		}
	})
}

func TestFieldSet(t *testing.T) {
	all, one := AllFields(), FieldSet{}
	one.Add(FMark)
	for f := range NumFields {
		if !all.Has(f) || one.Has(f) != (f == FMark) {
			t.Errorf("%s: %v in all, %v in a set of mark", f, all.Has(f), one.Has(f))
		}
	}
}

func TestRoundTrip(t *testing.T) {
	text := anyText()
	list := rapid.SliceOfN(text, 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		line := AppendEvent(nil, e)
		harmless(t, line)
		var m Message
		if err := m.Decode(line[:len(line)-1]); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if diff := cmp.Diff(e, &m.Event); diff != "" {
			t.Fatal(diff)
		}

		r := sampleRule()
		r.Text, r.Made, r.Evidence.Comms = text.Draw(t, "text"), list.Draw(t, "made"), list.Draw(t, "comms")
		r.Typed = []Attr{{Name: "a", Text: text.Draw(t, "attr")}, {Name: "b", List: list.Draw(t, "attrs")}, {Name: "c", Flag: true}}
		line = AppendRule(nil, r)
		harmless(t, line)
		if err := m.Decode(line[:len(line)-1]); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if diff := cmp.Diff(r, &m.Rule); diff != "" {
			t.Fatal(diff)
		}
	})
}

// harmless fails unless a line is one line of JSON that a terminal may see.
func harmless(t interface{ Fatalf(string, ...any) }, line []byte) {
	for i, r := range string(line) {
		if visible.Hidden(r) && i != len(line)-1 {
			t.Fatalf("%q holds %q", line, r)
		}
	}
	if !json.Valid(line) || line[len(line)-1] != '\n' {
		t.Fatalf("%q is not a line of JSON", line)
	}
}

// TestEveryRuneIsSafe: whatever a text holds, its line shows all of it, and gives it
// back; and so does a line of another writer, which left it as it is.
func TestEveryRuneIsSafe(t *testing.T) {
	const atOnce = 1 << 10
	var m Message
	for from := rune(0); from <= unicode.MaxRune; from += atOnce {
		var text, raw strings.Builder
		for r := from; r < from+atOnce; r++ {
			text.WriteRune(r) // U+FFFD for a surrogate
			if r >= ' ' && r != '"' && r != '\\' {
				raw.WriteRune(r)
			}
		}
		line := AppendNote(nil, &Note{Kind: text.String(), Text: "x"})
		harmless(t, line)
		if err := m.Decode(line[:len(line)-1]); err != nil || m.Note.Kind != text.String() {
			t.Fatalf("%U: %v, %.100q", from, err, m.Note.Kind)
		}
		theirs := []byte(`{"v":1,` + "\t" + `"type":"note",` + "\r" + `"kind":"` + raw.String() + `","` + raw.String() + `":1,"text":"x"}`)
		line = append(AppendSafe(nil, theirs), '\n')
		harmless(t, line)
		if err := m.Decode(line[:len(line)-1]); err != nil || m.Note.Kind != raw.String() {
			t.Fatalf("%U: passed on: %v, %.100q", from, err, m.Note.Kind)
		}
	}
}

// TestAttrNames: the name of a property is text, too.
func TestAttrNames(t *testing.T) {
	var m Message
	r := sampleRule()
	r.Typed = []Attr{{Name: "a\"\x1b\u200b\\", Text: "x\xff"}, {Name: "\U000e0041", List: []string{"\xfe"}}}
	line := AppendRule(nil, r)
	harmless(t, line)
	if err := m.Decode(line[:len(line)-1]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Typed, m.Rule.Typed); diff != "" {
		t.Error(diff)
	}
}

func TestFieldNames(t *testing.T) {
	seen := map[string]bool{}
	for f := Field(0); f < NumFields; f++ {
		name := f.String()
		if name == "" || name != strings.ToLower(name) || seen[name] {
			t.Errorf("field %d: name %q is empty, not lower case or taken", f, name)
		}
		seen[name] = true
		if got, ok := ParseField(name); !ok || got != f {
			t.Errorf("ParseField(%q) = %v, %v", name, got, ok)
		}
	}
	for i := range eventColumns {
		if k := eventColumns[i].key; k != "" && seen[k.name()] {
			t.Errorf("%q is both a field and a key of events", k.name())
		}
	}
}
