package record

import (
	"bytes"
	"fmt"
	"testing"
)

func BenchmarkAppendEvent(b *testing.B) {
	e := sampleEvent()
	buf := AppendEvent(nil, e)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendEvent(buf[:0], e)
	}
}

// BenchmarkDecodeEvent decodes events that are alike, as those of a log are, and
// one event without knowing any other.
func BenchmarkDecodeEvent(b *testing.B) {
	var lines [][]byte
	for i := range 100 {
		e := sampleEvent()
		e.Line, e.Time = uint64(1000+i), fmt.Sprintf("2026-05-26T23:47:%02d.396Z", i%60)
		lines = append(lines, bytes.TrimSuffix(AppendEvent(nil, e), []byte("\n")))
	}
	for _, alone := range []bool{false, true} {
		b.Run(fmt.Sprintf("alone-%v", alone), func(b *testing.B) {
			var m Message
			b.SetBytes(int64(len(lines[0])))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if alone {
					m.shapes = shapes{}
				}
				if err := m.Decode(lines[i%len(lines)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendRecord(b *testing.B) {
	text := []byte(`May 26 23:47:43 web1 kernel: [289763.843292] audit: type=1400 audit(1779839263.396:3686): apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd"`)
	buf := AppendRecord(nil, "00112233aabbccdd", 1, text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendRecord(buf[:0], "00112233aabbccdd", 123456, text)
	}
}

func BenchmarkUnframe(b *testing.B) {
	text := []byte(`May 26 23:47:43 web1 kernel: [289763.843292] audit: type=1400 audit(1779839263.396:3686): apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd"`)
	line := bytes.TrimSuffix(AppendRecord(nil, "00112233aabbccdd", 1, text), []byte("\n"))
	var r Record
	var scratch []byte
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		scratch = scratch[:0]
		if !r.Unframe(line, &scratch) {
			b.Fatal("no record")
		}
	}
}
