package tree

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, at)
		} else {
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t testing.TB, dir string) *Tree {
	t.Helper()
	tree, err := Read(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	encoded := tree.Append(nil)
	back, err := Decode(encoded)
	if err != nil || !bytes.Equal(back.Append(nil), encoded) {
		t.Errorf("it does not come back: %v", err)
	}
	return back
}

// TestCopy: what apparmor_parser would read is in the copy, under the same names; what
// would hold it up, or has no end, is not, and is named.
func TestCopy(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	write(t, other, map[string]string{"profile": "profile o { }", "folder/a": "a", "folder/self": "-> .", "folder/back": "-> " + dir})
	write(t, dir, map[string]string{
		"usr.bin.a": "profile a { }", "empty": "", "new\nline": "n", "abstractions/base": "/b r,", "abstractions/d/e/f": "f",
		"link": "-> usr.bin.a", "chain": "-> link", "absolute": "-> " + dir + "/usr.bin.a", "will": "-> local/new", "out": "-> " + other + "/profile",
		"abs": "-> abstractions", "outside": "-> " + other + "/folder", "ring": "-> .", "disable/x": "-> /nowhere/x", "lost": "-> /nowhere/y",
		"loop": "-> loop", "local/README": "", "cache/x": "binary", ".git/x": "old", "large": strings.Repeat("x", MaxFile+1),
	})
	if err := unix.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"tty": "-> /dev/tty", "zero": "-> /dev/zero"})
	tree := read(t, dir)
	var got []string
	for _, n := range tree.Nodes {
		got = append(got, fmt.Sprintf("%c %s %.20s", n.Kind, n.Name, n.Text))
	}
	slices.Sort(got)
	want := []string{
		"d abstractions ", "d abstractions/d ", "d abstractions/d/e ", "d disable ", "d local ", "d outside ",
		"f abstractions/base /b r,", "f abstractions/d/e/f f", "f empty ", "f local/README ", "f new\nline n", "f out profile o { }",
		"f outside/a a", "f usr.bin.a profile a { }",
		"l abs abstractions", "l absolute usr.bin.a", "l chain usr.bin.a", "l link usr.bin.a", "l outside/back .", "l outside/self outside",
		"l ring .", "l will local/new",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	for _, name := range []string{"lost", "loop", "pipe", "tty", "zero", "large"} {
		if !slices.ContainsFunc(tree.Problems, func(p string) bool { return strings.HasPrefix(p, dir+"/"+name+": left out: ") }) {
			t.Errorf("%s is not named: %q", name, tree.Problems)
		}
	}
	if len(tree.Problems) != 6 {
		t.Errorf("%q", tree.Problems)
	}
	tree.Dir = t.TempDir()
	if err := tree.Lay(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"chain", "ring/ring/abs/base", "outside/self/a", "outside/back/empty", "new\nline"} {
		if _, err := os.ReadFile(filepath.Join(tree.Dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestUnreadable: what this user may not read is named, and the rest is there.
func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything; testdata/script/policy.txtar has this as another user")
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"secret": "x", "open": "y", "closed/z": ""})
	os.Chmod(filepath.Join(dir, "secret"), 0)
	os.Chmod(filepath.Join(dir, "closed"), 0)
	defer os.Chmod(filepath.Join(dir, "closed"), 0o700)
	tree := read(t, dir)
	if len(tree.Nodes) != 1 || len(tree.Problems) != 2 || !strings.Contains(strings.Join(tree.Problems, "\n"), "secret: left out: permission denied") {
		t.Errorf("%q, %q", tree.Nodes, tree.Problems)
	}
}

// TestBounds: what is far more than a policy ends the reading soon.
func TestBounds(t *testing.T) {
	many := t.TempDir()
	for i := range MaxNodes + 1 {
		fd, err := unix.Open(filepath.Join(many, fmt.Sprint(i)), unix.O_CREAT|unix.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		unix.Close(fd)
	}
	large := t.TempDir()
	for i := range MaxBytes/MaxFile + 1 {
		name := filepath.Join(large, fmt.Sprint(i))
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		os.Truncate(name, MaxFile)
	}
	for _, dir := range []string{many, large, "/usr"} {
		start := time.Now()
		if _, err := Read(dir, true); !errors.Is(err, ErrLarge) || time.Since(start) > 10*time.Second {
			t.Errorf("%s: %v after %v", dir, err, time.Since(start))
		}
	}
	deep := t.TempDir()
	write(t, deep, map[string]string{strings.Repeat("d/", MaxFolders+1) + "x": ""})
	if tree := read(t, deep); len(tree.Problems) != 1 {
		t.Errorf("%q", tree.Problems)
	}
	if _, err := Read(filepath.Join(deep, "none"), true); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add((&Tree{Dir: "/d", Problems: []string{"p"}, Nodes: []Node{{"n", File, []byte("t")}, {"m", Folder, nil}}}).Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if tree, err := Decode(b); err == nil {
			if back, err := Decode(tree.Append(nil)); err != nil || len(back.Nodes) != len(tree.Nodes) {
				t.Errorf("%v", err)
			}
		}
	})
}
