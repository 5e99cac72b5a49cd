package journal

import (
	"bytes"
	"fmt"
	"testing"
)

// FuzzJournal: no file makes the reader panic, loop, or yield a field that the export
// format cannot hold.
func FuzzJournal(f *testing.F) {
	w := newBuilder()
	for flag, pack := range packers(f) {
		payload := []byte("MESSAGE=" + string(bytes.Repeat([]byte{'a' + flag}, 700)))
		w.entry(lookup3(payload)^lookup3([]byte("_TRANSPORT=kernel")), w.text("_TRANSPORT=kernel"), w.data(w.h.hash(payload), flag, pack(payload)))
	}
	for i := range 5 {
		kernel, id := "_TRANSPORT=kernel", fmt.Sprint("SYSLOG_IDENTIFIER=d", i)
		w.entry(lookup3([]byte(kernel))^lookup3([]byte(id)), w.texts[0], w.text(id))
	}
	f.Add(w.file())
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Open(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, matches := range [][]Match{nil, {{"_TRANSPORT", "kernel"}, {"SYSLOG_IDENTIFIER", "d1"}}} {
			n := 0
			var text []byte
			for e, err := range NewReader(matches, file).Entries() {
				if n++; n > len(b)/8+100 {
					t.Fatalf("%d entries and messages of %d bytes", n, len(b))
				}
				if err != nil {
					continue
				}
				text = AppendExport(text[:0], e)
				for _, field := range e.Fields {
					if !isName(field.Name) || len(field.Value) > MaxValue {
						t.Fatalf("field %q", field.Name)
					}
				}
				if again, err := ParseCursor(e.Cursor.String()); err != nil || again != e.Cursor {
					t.Fatalf("%s: %v", e.Cursor.String(), err)
				}
			}
		}
	})
}
