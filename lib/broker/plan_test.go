package broker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMergeWithWhatStands(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "p", "# mine\n  /a r,\n"+part("a=r;", "b=w;")+"# also mine")
	d := lay(t, folder, nil)
	d.add("/p", "c=r;")
	d.add("/p", "a=w;")
	d.add("/p", "b=w;")
	changes := d.run(nil)
	want := "# mine\n  /a r,\n" + part("a=rw;", "b=w;", "c=r;") + "# also mine"
	if got := content(t, folder, "p"); got != want || len(changes) != 1 || string(changes[0].New) != want {
		t.Errorf("got %q", got)
	}
}

func TestPlanIsSortedAndOnlyNames(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "b", part("a=r;"))
	d := lay(t, folder, nil)
	for _, profile := range []string{"/c", "/b", "/a"} {
		d.add(profile, "a=r;")
	}
	changes := d.plan()
	if len(changes) != 2 || changes[0].Path != folder+"/a" || changes[1].Path != folder+"/c" {
		t.Errorf("got %v", changes)
	}
	if changes[0].Old != nil || len(names(t, folder)) != 1 {
		t.Error("planning wrote something")
	}
}

func TestPlanRefusesFiles(t *testing.T) {
	tests := []struct {
		name, want string
		make       func(path string) error
	}{
		{"symbolic link", "symbolic link", func(p string) error { return os.Symlink("elsewhere", p) }},
		{"dangling link out of the folder", "symbolic link", func(p string) error { return os.Symlink("/etc/nothing", p) }},
		{"folder", "not a regular file", func(p string) error { return os.Mkdir(p, 0o755) }},
		{"fifo", "not a regular file", func(p string) error { return unix.Mkfifo(p, 0o644) }},
		{"socket", "not a regular file", func(p string) error { return unix.Mknod(p, unix.S_IFSOCK|0o644, 0) }},
		{"set-id", "has the mode 4644", func(p string) error {
			if err := os.WriteFile(p, nil, 0o644); err != nil {
				return err
			}
			return unix.Chmod(p, 0o4644)
		}},
		{"hard link", "2 hard links", func(p string) error {
			if err := os.WriteFile(p, nil, 0o644); err != nil {
				return err
			}
			return os.Link(p, p+".other")
		}},
		{"too large", "larger than 32 MiB", func(p string) error {
			if err := os.WriteFile(p, nil, 0o644); err != nil {
				return err
			}
			return os.Truncate(p, maxFile+1)
		}},
		{"two begins", ":2: second BEGIN", func(p string) error { return os.WriteFile(p, []byte(beginLine+"\n"+part()), 0o644) }},
		{"edited", ":3: not as sl-write left it", func(p string) error {
			return os.WriteFile(p, []byte("#\n"+strings.Replace(part("a=r;"), "a=r;", "a=r; # why", 1)), 0o644)
		}},
		{"edited, second line", ":4: not as sl-write left it", func(p string) error {
			return os.WriteFile(p, []byte("#\n"+strings.Replace(part("a=r;", "b=r;"), "  b", "\tb", 1)), 0o644)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			if err := test.make(filepath.Join(folder, "p")); err != nil {
				t.Skip(err)
			}
			before := names(t, folder)
			d := lay(t, folder, nil)
			d.add("/p", "a=r;")
			d.add("/q", "a=r;")
			changes, refused, err := d.Plan()
			if err != nil || len(refused) != 1 || !strings.Contains(refused[0].Error(), test.want) || !strings.HasPrefix(refused[0].Error(), folder+"/p") {
				t.Fatalf("got %v, %v; want %q", refused, err, test.want)
			}
			if len(changes) != 1 {
				t.Fatalf("the other file: %v", changes)
			}
			if err := d.Commit(changes, nil); err != nil {
				t.Fatal(err)
			}
			if after := names(t, folder); len(after) != len(before)+1 {
				t.Errorf("%v became %v", before, after)
			}
		})
	}
}

// A dangerous rule must not come in halves: not within a stream, and not with
// one half in the file already.
func TestMergedDangerIsRefused(t *testing.T) {
	for _, standing := range []string{"", part("a=y;")} {
		folder := t.TempDir()
		if standing != "" {
			write(t, folder, "p", standing)
		}
		d := lay(t, folder, nil)
		d.add("/p", "a=y;")
		d.add("/p", "a=z;")
		d.refuses("danger 9")
	}
}

// TestMergedDangerLeavesTheOthers: nobody can keep the rules of a profile from being
// written with one that cannot be merged with what stands.
func TestMergedDangerLeavesTheOthers(t *testing.T) {
	for _, standing := range []string{"", part("a=y;")} {
		folder := t.TempDir()
		if standing != "" {
			write(t, folder, "p", standing)
		}
		d := lay(t, folder, nil)
		for _, text := range []string{"a=y;", "a=z;", "b=p;", "c=q;"} {
			d.add("/p", text)
		}
		changes, refused, err := d.Plan()
		if err != nil || len(changes) != 1 || len(refused) != 1 || !strings.Contains(refused[0].Error(), "danger 9") {
			t.Fatalf("%d changes, refused %v, error %v", len(changes), refused, err)
		}
		got := string(changes[0].New)
		if !strings.Contains(got, "b=p;") || !strings.Contains(got, "c=q;") || strings.Contains(got, "z") || standing != "" && !strings.Contains(got, "a=y;") {
			t.Errorf("written: %q", got)
		}
	}
}

// What stands there is the administrator's: it is not judged again, and other
// rules can come beside it.
func TestStandingDangerIsKept(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "p", part("a=x;"))
	d := lay(t, folder, nil)
	d.add("/p", "b=r;")
	d.run(nil)
	if got := content(t, folder, "p"); got != part("a=x;", "b=r;") {
		t.Errorf("got %q", got)
	}
	d = lay(t, folder, nil)
	d.add("/p", "a=r;") // would make a=rx, which nobody has asked for
	d.refuses("danger 9")
}

func TestPlanReportsUnreadableFiles(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	write(t, d.path, "p", "")
	d.add("/p", "a=r;")
	d.sys.before = func(call string, _ int) error {
		if call == "openat" {
			return unix.EACCES
		}
		return nil
	}
	d.refuses("/p: sl-write may not read it")
}

// TestKeeps: a file whose owner it cannot keep is refused before anything is written,
// and the others are changed.
func TestKeeps(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	write(t, d.path, "p", "")
	var st unix.Stat_t
	if err := unix.Stat(d.path+"/p", &st); err != nil {
		t.Fatal(err)
	}
	user, group := int(st.Uid), int(st.Gid)
	for _, test := range []struct {
		owner *Owner
		why   string
	}{
		{nil, ""}, {&Owner{user, []int{group}}, ""}, {&Owner{user, []int{group + 1, group}}, ""},
		{&Owner{user, []int{group + 1}}, "belongs to the group"}, {&Owner{user + 1, []int{group}}, "belongs to the user"},
	} {
		d := lay(t, d.path, func(o *Options) { o.Owner, o.DryRun = test.owner, true })
		d.add("/p", "a=r;")
		d.add("/new", "a=r;")
		changes, refused, err := d.Plan()
		switch {
		case err != nil:
			t.Error(err)
		case test.why == "" && (len(changes) != 2 || len(refused) != 0):
			t.Errorf("%v: %d changes, %v", test.owner, len(changes), refused)
		case test.why != "" && (len(changes) != 1 || len(refused) != 1 || !strings.Contains(refused[0].Error(), test.why)):
			t.Errorf("%v: %d changes, %v", test.owner, len(changes), refused)
		}
	}
}

func TestDryRunTakesNoLockAndWritesNothing(t *testing.T) {
	folder := t.TempDir()
	other := lay(t, folder, nil)
	other.plan() // holds the lock
	d := lay(t, folder, func(o *Options) { o.DryRun = true })
	d.add("/p", "a=r;")
	changes := d.plan()
	if len(changes) != 1 || d.Commit(changes, nil) == nil || len(names(t, folder)) != 0 {
		t.Errorf("%d changes, files %v", len(changes), names(t, folder))
	}
}
