package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sl-suite/sl/scripts/lab/sample"
)

// readAll reads all entries, and what does not fit.
func readAll(t testing.TB, b []byte, matches ...Match) (entries []string, problems []string) {
	t.Helper()
	f, err := Open(bytes.NewReader(b))
	if err != nil {
		return nil, []string{err.Error()}
	}
	for e, err := range NewReader(matches, f).Entries() {
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		text := ""
		for _, f := range e.Fields {
			text += fmt.Sprintf("%s=%.20q:%d:%t;", f.Name, f.Value, len(f.Value), f.TooLong)
		}
		entries = append(entries, text)
	}
	return entries, problems
}

// TestTooLong: of a value that is too long the name stays, in every packing, and the
// entry is there; one that only says that it is long is a fault.
func TestTooLong(t *testing.T) {
	for _, size := range []int{MaxValue, MaxValue + 1, maxUnpacked + 100} {
		payload := append([]byte("COREDUMP="), bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]...)
		for flag, pack := range packers(t) {
			w := newBuilder()
			hash := w.h.hash(payload)
			xor := lookup3(payload) ^ lookup3([]byte("A=b"))
			w.entry(xor, w.text("A=b"), w.data(hash, 0, payload))
			w.entry(xor, w.text("A=b"), w.data(hash, flag, pack(payload)))
			kept, tooLong := size, "false"
			if size > MaxValue {
				kept, tooLong = 0, "true"
			}
			got, problems := readAll(t, w.file())
			for i := range 2 {
				if len(got) != 2 || !strings.Contains(got[i], fmt.Sprintf(":%d:%s;", kept, tooLong)) || !strings.HasPrefix(got[i], `A="b":1:false;COREDUMP=`) {
					t.Errorf("flag %d, %d bytes: %s %s", flag, size, got, problems)
					break
				}
			}
		}
	}
	// a short one whose packed form says that it is long
	payload := []byte("MESSAGE=" + strings.Repeat("abc", 400))
	w := newBuilder()
	packed := packers(t)[packedLZ4](payload)
	binary.LittleEndian.PutUint64(packed, maxUnpacked+1)
	w.entry(lookup3(payload), w.data(w.h.hash(payload), packedLZ4, packed))
	if got, problems := readAll(t, w.file()); len(got) > 0 || len(problems) != 1 {
		t.Errorf("a false length: %s %s", got, problems)
	}
}

// TestForged: an entry that lacks what it should have is left out, with a message.
func TestForged(t *testing.T) {
	kernel, pid := "_TRANSPORT=kernel", "_PID=7"
	xor := lookup3([]byte(kernel)) ^ lookup3([]byte(pid))
	for name, write := range map[string]func(w *builder){
		"a field dropped":        func(w *builder) { w.entry(xor, w.text(kernel)) },
		"a field changed":        func(w *builder) { w.entry(xor, w.text("_TRANSPORT=audit"), w.text(pid)) },
		"a field behind":         func(w *builder) { w.entry(xor, w.text(kernel), w.text(pid)); w.b[len(w.b)-16]++ },
		"a name with a newline":  func(w *builder) { w.entry(lookup3([]byte("A\nB=c")), w.text("A\nB=c")) },
		"no name":                func(w *builder) { w.entry(lookup3([]byte("=c")), w.text("=c")) },
		"a payload without name": func(w *builder) { w.entry(lookup3([]byte("abc")), w.text("abc")) },
		"no fields":              func(w *builder) { w.entry(0) },
		"a wrong hash":           func(w *builder) { w.entry(lookup3([]byte(kernel)), w.data(1, 0, []byte(kernel))) },
		"an entry as a field":    func(w *builder) { w.entry(0, w.entries[0]) },
		"too many fields": func(w *builder) {
			one := w.text(kernel)
			many := make([]uint64, maxFields+1)
			for i := range many {
				many[i] = one
			}
			w.entry(lookup3([]byte(kernel)), many...)
		},
	} {
		w := newBuilder()
		w.entry(xor, w.text(kernel), w.text(pid))
		write(w)
		w.entry(xor, w.text(kernel), w.text(pid))
		got, problems := readAll(t, w.file())
		if len(got) != 2 || len(problems) == 0 {
			t.Errorf("%s: %s %s", name, got, problems)
		}
	}
}

// TestBuilt: the builder's files have an index that fits.
func TestBuilt(t *testing.T) {
	w := newBuilder()
	kernel := w.text("_TRANSPORT=kernel")
	for i := range 5 {
		id := fmt.Sprint("SYSLOG_IDENTIFIER=d", i)
		w.entry(lookup3([]byte("_TRANSPORT=kernel"))^lookup3([]byte(id)), kernel, w.text(id))
	}
	b := w.file()
	if got, problems := readAll(t, b, Match{"_TRANSPORT", "kernel"}); len(got) != 5 || len(problems) > 0 {
		t.Errorf("%s %s", got, problems)
	}
	if got, problems := readAll(t, b, Match{"SYSLOG_IDENTIFIER", "d3"}); len(got) != 1 || len(problems) > 0 {
		t.Errorf("%s %s", got, problems)
	}
}

// TestRepeated: a field that was given twice is kept once, while the entry's hash
// has it twice.
func TestRepeated(t *testing.T) {
	a, b, c := "A=1", "B=2", "C=3"
	w := newBuilder()
	w.entry(lookup3([]byte(b)), w.text(a), w.text(b))
	w.entry(lookup3([]byte(c)), w.text(a), w.text(b), w.text(c))
	if got, problems := readAll(t, w.file()); len(got) != 2 || len(problems) > 0 {
		t.Errorf("%s %s", got, problems)
	}
}

// TestFaultNotSearched: behind a place that cannot be read, what looks like an
// object in somebody's text is no entry.
func TestFaultNotSearched(t *testing.T) {
	w := newBuilder()
	w.entry(lookup3([]byte("A=1")), w.text("A=1"))
	forged := newBuilder()
	forged.b = w.b[:len(w.b):len(w.b)]
	forged.entry(lookup3([]byte("A=1")), w.entries[0]-72)
	object := forged.b[len(w.b):]
	broken := uint64(len(w.b))
	w.text("MESSAGE=" + string(object)) // the payload is eight bytes in: the object is aligned
	w.entry(lookup3([]byte("B=2")), w.text("B=2"))
	b := w.file()
	b[broken] = 99
	copy(b[176:184], make([]byte, 8)) // nor is there an array
	got, problems := readAll(t, b)
	if len(got) != 1 || len(problems) < 2 {
		t.Errorf("%s %s", got, problems)
	}
}

// TestCycles: lists that lead back end, and say so.
func TestCycles(t *testing.T) {
	w := newBuilder()
	for range 10 {
		w.entry(lookup3([]byte("A=1")), w.text("A=1"))
	}
	b := w.file()
	array := binary.LittleEndian.Uint64(b[176:])
	binary.LittleEndian.PutUint64(b[array+arrayNext:], array)
	binary.LittleEndian.PutUint64(b[152:], 12) // entries
	b[144] = 99
	got, problems := readAll(t, b)
	if len(got) != 10 || len(problems) == 0 {
		t.Errorf("%d entries, %s", len(got), problems)
	}
}

// TestSaidOnce: what is wrong with one file is said once, whatever else is read.
func TestSaidOnce(t *testing.T) {
	damaged, whole := newBuilder(), newBuilder()
	damaged.h.FileID[0]++
	damaged.entry(lookup3([]byte("A=1")), damaged.text("A=1"))
	for range 20 {
		whole.entry(lookup3([]byte("B=2")), whole.text("B=2"))
	}
	b := damaged.file()
	b[152] += 2 // entries
	var files []*File
	for _, b := range [][]byte{b, whole.file()} {
		f, err := Open(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	r := NewReader(nil, files...)
	entries, said := 0, map[string]int{}
	for range 3 {
		for _, err := range r.Entries() {
			if err == nil {
				entries++
			} else {
				said[err.Error()]++
			}
		}
		if err := r.Refresh(); err != nil {
			t.Fatal(err)
		}
	}
	if entries != 21 || len(said) == 0 {
		t.Errorf("%d entries, %v", entries, said)
	}
	for what, n := range said {
		if n > 1 {
			t.Errorf("%d times: %s", n, what)
		}
	}
}

// bombs are files that unpack to far more than they are.
func bombs(t testing.TB) []byte {
	w := newBuilder()
	payload := append([]byte("MESSAGE="), make([]byte, sample.Size(64, 1024)<<20)...)
	var all []uint64
	for flag, pack := range packers(t) {
		size := len(payload)
		if flag != packedZstd { // the libraries take their time to pack
			size = 16 << 20
		}
		packed := pack(payload[:size])
		all = append(all, w.data(0, flag, packed))
		if flag == packedXZ {
			i := bytes.Index(packed, []byte{0x21, 1})
			packed[i+2] = 40 // a dictionary of 4 GiB
			w.entry(0, w.data(0, flag, packed))
		}
	}
	value := payload[:MaxValue]
	for range sample.Size(6, 64) {
		for flag, pack := range packers(t) {
			all = append(all, w.data(w.h.hash(value), flag, pack(value)))
		}
	}
	w.entry(0, all...)
	for _, one := range all {
		w.entry(0, one)
	}
	return w.file()
}

// TestMemory: files that ask for it do not get 64 MiB.
func TestMemory(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector takes memory of its own")
	}
	const env = "SL_JOURNAL_CHILD"
	if path := os.Getenv(env); path != "" {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for range NewReader([]Match{{"_TRANSPORT", "kernel"}}, f).Entries() {
			n++
		}
		for range NewReader(nil, f).Entries() {
			n++
		}
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(status)) {
			if words := strings.Fields(line); words[0] == "VmHWM:" {
				fmt.Println(n, words[1])
			}
		}
		return
	}
	path := t.TempDir() + "/bombs.journal"
	if err := os.WriteFile(path, bombs(t), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMemory$")
	cmd.Env = append(os.Environ(), env+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	words := strings.Fields(string(out))
	kib, err := strconv.Atoi(words[1])
	if err != nil || kib > 64<<10 {
		t.Errorf("%d KiB at most: %s", kib, out)
	}
	t.Logf("%s entries and messages, %d KiB at most, %s", words[0], kib, time.Since(began).Round(time.Millisecond))
}
