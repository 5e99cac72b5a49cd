package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kern.log")
	if err := os.WriteFile(path, []byte("a\nb"), 0o640); err != nil {
		t.Fatal(err)
	}
	fd, src, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if src.Kind != "file" || src.Path != path || src.Mode != "0640" || src.Size != 3 || src.Ino == 0 || len(src.ID) != 16 ||
		src.UID != uint32(os.Getuid()) || !strings.HasSuffix(src.Mtime, "Z") {
		t.Errorf("%+v", src)
	}
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("the descriptor is not close-on-exec: %x, %v", flags, err)
	}

	if _, _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("a folder: %v", err)
	}
	if _, _, err := Open(filepath.Join(dir, "none")); err != unix.ENOENT {
		t.Errorf("no file: %v", err)
	}
	fifo := filepath.Join(dir, "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	fd, src, err = Open(fifo)
	if err != nil || src.Kind != "pipe" || src.Mtime != "" {
		t.Errorf("a fifo: %+v, %v", src, err)
	}
	unix.Close(fd)
}

// TestID: whatever is known of a source makes another id.
func TestID(t *testing.T) {
	base := record.Source{Kind: "file", Path: "/a", Dev: "1:2", Ino: 3, UID: 0, GID: 4, Mode: "0640", Size: 5, Mtime: "2026-05-26T23:47:43Z"}
	seen := map[string]bool{id(&base): true}
	for _, change := range []func(*record.Source){
		func(s *record.Source) { s.Kind = "pipe" }, func(s *record.Source) { s.Path = "/b" },
		func(s *record.Source) { s.Dev = "1:3" }, func(s *record.Source) { s.Ino++ },
		func(s *record.Source) { s.UID++ }, func(s *record.Source) { s.GID++ },
		func(s *record.Source) { s.Mode = "0666" }, func(s *record.Source) { s.Size++ },
		func(s *record.Source) { s.Mtime = "" },
	} {
		other := base
		change(&other)
		if seen[id(&other)] {
			t.Errorf("%+v has an id that was taken", other)
		}
		seen[id(&other)] = true
	}
}

func TestFrame(t *testing.T) {
	got := string(Frame(nil, "00112233aabbccdd", 9, []byte("a\n\nb \"c\"\r\n\x00")))
	want := `{"v":1,"type":"record","src":"00112233aabbccdd","line":9,"text":"a"}
{"v":1,"type":"record","src":"00112233aabbccdd","line":10,"text":""}
{"v":1,"type":"record","src":"00112233aabbccdd","line":11,"text":"b \"c\"\r"}
{"v":1,"type":"record","src":"00112233aabbccdd","line":12,"text":"\u0000"}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAppendRaw(t *testing.T) {
	if got := string(AppendRaw(nil, []byte("a\nb"))); got != "a\nb\n" {
		t.Errorf("%q", got)
	}
	if got := string(AppendRaw(nil, []byte("a\nb\n"))); got != "a\nb\n" {
		t.Errorf("%q", got)
	}
}
