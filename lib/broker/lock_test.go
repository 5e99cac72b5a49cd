package broker

import (
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

func TestLock(t *testing.T) {
	folder := t.TempDir()
	a, b := lay(t, folder, nil), lay(t, folder, nil)
	a.add("/p", "a=r;")
	b.add("/p", "a=w;")
	changes := a.plan()
	if _, _, err := b.Plan(); err == nil || !strings.Contains(err.Error(), "holds the lock") {
		t.Fatalf("got %v", err)
	}
	if err := a.Commit(changes, nil); err != nil {
		t.Fatal(err)
	}
	b.run(nil)
	if got := content(t, folder, "p"); got != part("a=rw;") {
		t.Errorf("got %q", got)
	}
}

// Two descriptors of one folder are one lock, not two that wait for each other.
func TestTwoDescriptorsOfOneFolder(t *testing.T) {
	folder := t.TempDir()
	fd, err := unix.Open(folder, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	d := lay(t, folder, func(o *Options) { o.State = &State{Folder: fd, Path: "state", Name: "state"} })
	d.add("/p", "a=r;")
	d.run([]byte("s"))
}

func TestConcurrentWriters(t *testing.T) {
	folder := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			d := lay(t, folder, nil)
			for {
				d.add("/p", string(rune('a'+i))+"=r;")
				changes, _, err := d.Plan()
				if err != nil {
					continue // locked
				}
				if err := d.Commit(changes, nil); err != nil {
					t.Error(err)
				}
				return
			}
		})
	}
	wg.Wait()
	want := part("a=r;", "b=r;", "c=r;", "d=r;", "e=r;", "f=r;", "g=r;", "h=r;")
	if got := content(t, folder, "p"); got != want || len(names(t, folder)) != 1 {
		t.Errorf("got %q, files %v", got, names(t, folder))
	}
}
