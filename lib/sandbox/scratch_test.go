package sandbox

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestScratch: a companion writes in the folder of its own, wherever that is, sees
// nothing of what it hides, and writes nowhere else; and nobody sees what it writes.
func TestScratch(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		base := openDir(t)
		scratch := filepath.Join(base, "closed", "way", "policy")
		for _, dir := range []string{scratch, filepath.Join(base, "beside")} {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			os.Chmod(dir, 0o777)
		}
		for _, name := range []string{"closed/way/policy/hidden", "closed/secret", "beside/secret"} {
			if err := os.WriteFile(filepath.Join(base, name), []byte("secret\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if u.credential == nil && os.Geteuid() == 0 { // only root's companion is another user
			os.Chmod(filepath.Join(base, "closed"), 0o700)
		}
		for _, test := range []struct{ script, want string }{
			{"ls -A; echo x >a && mkdir d && echo y >d/b && ln -s d l && mv a d 2>/dev/null; rm l && cat d/a d/b", "^x\ny\n<nil>"},
			{"head -c 2M /dev/zero >big || echo no", "No space|no"},
			{"for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do : >$i; done; echo $?", "No space|cannot create"},
			{"mkfifo f || echo no", "Permission denied|Bad system call"},
			{"cp /bin/true t && ./t || echo no", "Permission denied|no"},
			{"cp /bin/true t && /lib64/ld-linux-x86-64.so.2 ./t || echo no", "failed to map|not permitted|no"},
			{"echo x >../x || echo no", "Permission denied|Read-only file system"},
			{"mkdir ../x || echo no", "Permission denied|Read-only file system"},
			{"echo x >" + base + "/beside/x || echo no", "Permission denied|Read-only file system"},
			{"cat ../../secret " + base + "/beside/secret | wc -c", "^0\n|\n0\n"},
			{"ln -s " + base + "/beside/secret s; cat s | wc -c", "^0\n|\n0\n"},
			{"ln -s " + base + "/beside/x s; echo x >s || echo no", "no"},
			{"mv . ../x || echo no", "no"},
			{"umount . || echo no", "no|Bad system call"},
		} {
			for _, kind := range []string{"run", "run-network"} {
				e := finish(u.command(path, "runs", kind, "cd "+scratch+" && { "+test.script+"; } 2>&1", scratch))
				switch {
				case e.status == 3 && strings.Contains(e.message, "user namespace"):
					t.Skip("no user namespaces here: ", e.message)
				case e.status != 0 || !regexp.MustCompile(test.want).MatchString(e.out) || strings.Contains(e.out, "hidden"):
					t.Errorf("%s: %s: %v; want %q", kind, test.script, e, test.want)
				}
			}
		}
		for dir, want := range map[string]string{"closed/way/policy": "hidden", "closed": "secret way", "closed/way": "policy", "beside": "secret"} {
			var names []string
			entries, err := os.ReadDir(filepath.Join(base, dir))
			for _, e := range entries {
				names = append(names, e.Name())
			}
			if got := strings.Join(names, " "); err != nil || got != want {
				t.Errorf("%s: %s, %v; want %s", dir, got, err, want)
			}
		}
	})
}

// A folder of its own is for what runs programs, and never the root folder.
func TestScratchRefused(t *testing.T) {
	run, _ := kindOf("run")
	write, _ := kindOf("write")
	for _, test := range []struct {
		path string
		k    kind
		ok   bool
	}{
		{"/etc/apparmor.d", run, true}, {"/etc/apparmor.d", write, false}, {"/", run, false}, {"x", run, false}, {"", run, false},
		{"/a/../b", run, false}, {"/a/", run, false},
	} {
		if err := (&Scratch{Path: test.path}).check(test.k); (err == nil) != test.ok {
			t.Errorf("%q: %v", test.path, err)
		}
	}
}
