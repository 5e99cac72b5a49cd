package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// sample is a log of about 16 MB: the lines of testdata/logs again and again.
func sample(b *testing.B) []byte {
	var text []byte
	for _, name := range []string{"debian-kern.log", "ubuntu-syslog", "fedora-messages.log"} {
		t, err := os.ReadFile("../../testdata/logs/" + name)
		if err != nil {
			b.Fatal(err)
		}
		text = append(text, t...)
	}
	return bytes.Repeat(text, 16<<20/len(text)+1)
}

func session(b *testing.B) *stage.Session {
	null, err := os.OpenFile("/dev/null", os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { null.Close() })
	return &stage.Session{Out: stage.NewOutput(int(null.Fd()))}
}

func BenchmarkRaw(b *testing.B) {
	benchmark(b, sample(b), func(c *classifier, block []byte) {
		if err := c.raw(block, 2); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkRecords(b *testing.B) {
	benchmark(b, source.Frame(nil, "00112233aabbccdd", 1, sample(b)), func(c *classifier, block []byte) {
		if size, _ := c.records(block, 1); size != len(block) {
			b.Fatal("not all of it are records")
		}
	})
}

// benchmark passes text on in blocks, as a session does.
func benchmark(b *testing.B, text []byte, take func(*classifier, []byte)) {
	c, err := newClassifier(&flags{MaxUnique: 1}, session(b))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for rest := text; len(rest) > 0; {
			n := min(len(rest), 256<<10)
			n = bytes.LastIndexByte(rest[:n], '\n') + 1
			take(c, rest[:n])
			rest = rest[n:]
		}
	}
}
