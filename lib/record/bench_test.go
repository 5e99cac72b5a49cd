package record

import (
	"bytes"
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

func BenchmarkDecodeEvent(b *testing.B) {
	line := bytes.TrimSuffix(AppendEvent(nil, sampleEvent()), []byte("\n"))
	var m Message
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Decode(line); err != nil {
			b.Fatal(err)
		}
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

func BenchmarkDecodeRecord(b *testing.B) {
	text := []byte(`May 26 23:47:43 web1 kernel: [289763.843292] audit: type=1400 audit(1779839263.396:3686): apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd"`)
	line := bytes.TrimSuffix(AppendRecord(nil, "00112233aabbccdd", 1, text), []byte("\n"))
	var m Message
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Decode(line); err != nil {
			b.Fatal(err)
		}
	}
}
