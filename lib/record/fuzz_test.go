package record

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzDecode: whatever Decode accepts is JSON, and encoding it gives a line that
// decodes to the same and is harmless.
func FuzzDecode(f *testing.F) {
	f.Add(AppendEvent(nil, sampleEvent()))
	f.Add(AppendEvent(AppendEvent(nil, &Event{Kind: Netfilter, Line: 9, Count: 1}), &Event{Kind: AppArmor, Line: 10, Count: 2}))
	f.Add(AppendRule(nil, sampleRule()))
	f.Add(AppendRecord(nil, "00112233aabbccdd", 1, []byte("\xff\x00")))
	f.Add([]byte(`{"type":"note","v":1,"text":"\ud83d\ude00","kind":"k","x":[{}]}`))
	f.Add([]byte(`{"v":1,"type":"end","stage":"s","in":"18446744073709551615","out":0,"skipped":0,"errors":0,"lost":0}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var m Message
		for part := range bytes.SplitSeq(line, []byte("\n")) {
			compareWithAfresh(t, &m, part)
			compareWithAfresh(t, &m, part) // by its shape, if it has one
		}
		if m.Decode(line) != nil {
			return
		}
		if !json.Valid(line) {
			t.Fatalf("%q was accepted and is not JSON", line)
		}
		if m.Type == TypeUnknown {
			return
		}
		encoded := m.append(nil)
		if len(encoded) > MaxLine {
			return // escapes have made it longer than it may be
		}
		harmless(t, encoded)
		again(t, encoded)
	})
}

// FuzzEncode: any text survives the way through the stream.
func FuzzEncode(f *testing.F) {
	f.Add([]byte("type=AVC msg=audit(1.000:2): apparmor=\"DENIED\""), "/a b")
	f.Add([]byte("\xff\"\\\n\x7f\xc2\x85"), "\xe2\x80\xae")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		line := AppendRecord(nil, "00112233aabbccdd", 7, text)
		harmless(t, line)
		var m Message
		if len(line) < MaxLine {
			if err := m.Decode(line[:len(line)-1]); err != nil || m.Record.Text != string(text) {
				t.Fatalf("%q: %q, %v", text, m.Record.Text, err)
			}
		}
		e := sampleEvent()
		e.Fields[FName] = name
		line = AppendEvent(nil, e)
		harmless(t, line)
		if len(line) < MaxLine {
			if err := m.Decode(bytes.TrimSuffix(line, []byte("\n"))); err != nil || m.Event.Fields[FName] != name {
				t.Fatalf("%q: %q, %v", name, m.Event.Fields[FName], err)
			}
		}
	})
}
