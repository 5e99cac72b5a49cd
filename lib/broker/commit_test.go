package broker

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSecondRunWritesNothing(t *testing.T) {
	folder := t.TempDir()
	for i := range 2 {
		d := lay(t, folder, func(o *Options) { o.State = &State{Folder: o.Targets[0].Folder, Path: "state", Name: "state"} })
		d.add("/p", "a=r;")
		d.add("/q", "b=w;")
		d.sys.before = func(call string, _ int) error {
			if i == 1 && slices.Contains([]string{"create", "write", "fchmod", "fchown", "fsync", "renameat2", "unlinkat"}, call) {
				t.Errorf("second run: %s", call)
			}
			return nil
		}
		changes := d.run([]byte("positions"))
		if want := 2 - 2*i; len(changes) != want {
			t.Errorf("run %d: %d changes, want %d", i, len(changes), want)
		}
		d.die()
	}
	if got := names(t, folder); !slices.Equal(got, []string{"p", "q", "state"}) {
		t.Errorf("files %v", got)
	}
}

// What a power cut leaves depends on the order: all new texts are on disk before
// the first rename, and each group of renames before the next one and before
// success is reported.
func TestOrderOfWriting(t *testing.T) {
	s := setUp(t)
	d := s.broker(t)
	changes := d.plan()
	var order []string
	d.sys.before = func(call string, _ int) error {
		if !slices.Contains([]string{"create", "write", "fchmod", "fsync", "renameat2", "flock"}, call) {
			return nil
		}
		if n := len(order); n == 0 || order[n-1] != call {
			order = append(order, call)
		}
		return nil
	}
	if err := d.Commit(changes, []byte(newState)); err != nil {
		t.Fatal(err)
	}
	prepare := "create write fchmod fsync "
	want := strings.Repeat(prepare, 4) + strings.Repeat("renameat2 fsync ", 3) + "flock"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// One broker serves a stream without end: each Commit stands for itself.
func TestSeveralCommits(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.add("/p", "a=r;")
	d.run(nil)
	if changes := d.run(nil); len(changes) != 0 {
		t.Errorf("nothing new gives %v", changes)
	}
	d.add("/p", "a=w;")
	d.run(nil)
	if got := content(t, d.path, "p"); got != part("a=rw;") {
		t.Errorf("got %q", got)
	}
	if err := os.Remove(filepath.Join(d.path, "p")); err != nil {
		t.Fatal(err)
	}
	if changes := d.run(nil); len(changes) != 0 {
		t.Errorf("rules of an earlier commit come again: %v", changes)
	}
}

func TestOnlyWantedChangesAreWritten(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.add("/p", "a=r;")
	d.add("/q", "a=r;")
	if err := d.Commit(d.plan()[1:], nil); err != nil {
		t.Fatal(err)
	}
	if got := names(t, d.path); !slices.Equal(got, []string{"q"}) {
		t.Errorf("files %v", got)
	}
}

func TestChangedMeanwhile(t *testing.T) {
	change := map[string]func(t *testing.T, path string) error{
		"edited": func(t *testing.T, p string) error { return os.WriteFile(p, []byte("# y\n"), 0o644) },
		"replaced": func(t *testing.T, p string) error {
			return errors.Join(os.Rename(p, p+".old"), os.WriteFile(p, []byte("# x\n"), 0o644))
		},
		"removed": func(t *testing.T, p string) error { return os.Remove(p) },
		"mode":    func(t *testing.T, p string) error { return os.Chmod(p, 0o600) },
		"linked":  func(t *testing.T, p string) error { return os.Link(p, p+".other") },
		"link": func(t *testing.T, p string) error {
			return errors.Join(os.Rename(p, p+".old"), os.Symlink(p+".old", p))
		},
	}
	for name, change := range change {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, folder, "p", "# x\n")
			d := lay(t, folder, nil)
			d.add("/p", "a=r;")
			d.add("/q", "a=r;")
			changes := d.plan()
			if err := change(t, filepath.Join(folder, "p")); err != nil {
				t.Fatal(err)
			}
			before := names(t, folder)
			if err := d.Commit(changes, nil); err == nil {
				t.Fatal("written over it")
			}
			if after := names(t, folder); !slices.Equal(before, after) {
				t.Errorf("%v became %v", before, after)
			}
		})
	}
}

// A new target that somebody makes at the last moment is not overwritten.
func TestNewTargetComesUpAtTheLastMoment(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.add("/p", "a=r;")
	d.sys.before = func(call string, _ int) error {
		if call == "renameat2" {
			write(t, d.path, "p", "# by hand\n")
		}
		return nil
	}
	if err := d.Commit(d.plan(), nil); !errors.Is(err, unix.EEXIST) {
		t.Errorf("got %v", err)
	}
	if got := content(t, d.path, "p"); got != "# by hand\n" || len(names(t, d.path)) != 1 {
		t.Errorf("got %q, files %v", got, names(t, d.path))
	}
}

// NFS and others have no RENAME_NOREPLACE.
func TestRenameWithoutFlags(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.add("/p", "a=r;")
	first := true
	d.sys.before = func(call string, _ int) error {
		if call == "renameat2" && first {
			first = false
			return unix.EINVAL
		}
		return nil
	}
	d.run(nil)
	if got := content(t, d.path, "p"); got != part("a=r;") {
		t.Errorf("got %q", got)
	}
}

func TestLeftoverIsRemoved(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, ".p.sl-write", "half a fi")
	d := lay(t, folder, nil)
	d.add("/p", "a=r;")
	d.run(nil)
	if got := names(t, folder); !slices.Equal(got, []string{"p"}) || content(t, folder, "p") != part("a=r;") {
		t.Errorf("files %v", got)
	}
}

// What stands in the way under the temporary name and is not ours stays.
func TestTrapUnderTheTemporaryName(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "victim", "v")
	if err := os.Symlink("victim", filepath.Join(folder, ".p.sl-write")); err != nil {
		t.Fatal(err)
	}
	d := lay(t, folder, nil)
	d.add("/p", "a=r;")
	if err := d.Commit(d.plan(), nil); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("got %v", err)
	}
	if content(t, folder, "victim") != "v" || content(t, folder, "p") != "absent" {
		t.Error("followed the link")
	}
}

func TestBackupRefusals(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "p", "")
	if err := os.Symlink("p", filepath.Join(folder, "p~")); err != nil {
		t.Fatal(err)
	}
	d := lay(t, folder, func(o *Options) { o.Backup = "~" })
	d.add("/p", "a=r;")
	if err := d.Commit(d.plan(), nil); err == nil || !strings.Contains(err.Error(), "backup of") {
		t.Errorf("got %v", err)
	}
	// The backup of p would be the file of the profile p.old.
	write(t, folder, "p", "")
	d.die()
	d = lay(t, folder, func(o *Options) { o.Backup = ".old" })
	d.add("/p", "a=r;")
	if err := d.AddRule(rule("/p.old", "a=r;")); err == nil || !strings.Contains(err.Error(), "one for a copy") {
		t.Errorf("got %v", err)
	}
	if content(t, folder, "p") != "" {
		t.Error("written in spite of the error")
	}
}
