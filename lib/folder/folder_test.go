package folder

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func lay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"usr.bin.a": "profile a { }", "long": strings.Repeat("#\n", MaxFile/2) + "#", "left.dpkg-old": "x",
		"tunables/global": "@{x}=1", "tunables/home.d/site": "@{y}=2", "abstractions/base": "/b r,", "local/a": "/l r,", "big/file": strings.Repeat("#", 100<<10),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"disable/usr.bin.a": "nowhere", "link": "tunables/global", "dangling": "nowhere", "ring/ring": "."} {
		file := filepath.Join(dir, link)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, file); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func names(f Files) (list []string) {
	for _, file := range f.Files {
		if !strings.HasPrefix(file.Name, "ring/ring/") {
			list = append(list, file.Name)
		}
	}
	return list
}

func TestRead(t *testing.T) {
	dir := lay(t)
	f, err := Read(dir)
	want := []string{
		"abstractions/", "abstractions/base", "big/", "big/file", "disable/", "disable/usr.bin.a", "link", "local/", "local/a",
		"ring/", "tunables/", "tunables/global", "tunables/home.d/", "tunables/home.d/site", "usr.bin.a",
	}
	if got := names(f); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	for _, file := range f.Files {
		if file.Name == "big/file" && file.Text != strings.Repeat("#", 100<<10) {
			t.Errorf("%d bytes of %s", len(file.Text), file.Name)
		}
	}
	if want := []Link{{"link", "tunables/global"}}; len(f.Links) == 0 || f.Links[0] != want[0] {
		t.Errorf("links %v, want %v first", f.Links, want)
	}
	problems := strings.Join(f.Problems, "\n")
	for _, part := range []string{
		dir + "/dangling: left out: cannot be read", dir + "/long: left out: more than 1048576 bytes", "ring: left out: in more than 16 folders",
	} {
		if !strings.Contains(problems, part) {
			t.Errorf("%q is not among the problems: %s", part, problems)
		}
	}
	if texts := f.Texts(); len(texts) != len(f.Files) || texts["tunables/global"] != "@{x}=1" {
		t.Errorf("texts %q", texts)
	}
	for _, name := range []string{"dangling", "long"} {
		if !slices.Contains(f.Unread, name) {
			t.Errorf("%s is not among what was not read: %q", name, f.Unread)
		}
	}
}

func TestReadFails(t *testing.T) {
	if _, err := Read(filepath.Join(t.TempDir(), "nosuch")); err == nil {
		t.Error("a folder that is not there was read")
	}
}
