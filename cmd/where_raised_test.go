package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A copy that gives rights to who starts it does not start: not for a look at a file
// that only root can read, and not for a forged second start either.
func TestRaisedCopyRefuses(t *testing.T) {
	lookAtSources(t)
	if os.Getuid() != 0 {
		t.Skip("only root can give rights to a file")
	}
	dir := t.TempDir()
	os.Chmod(filepath.Dir(dir), 0o755)
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("secret text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	give := map[string]func(path string) error{
		"set-user-id":  func(path string) error { return os.Chmod(path, 0o755|os.ModeSetuid) },
		"set-group-id": func(path string) error { return os.Chmod(path, 0o755|os.ModeSetgid) },
		"capability":   func(path string) error { return exec.Command("setcap", "cap_dac_read_search+ep", path).Run() },
		"another capability": func(path string) error {
			return exec.Command("setcap", "cap_sys_admin,cap_setuid+p", path).Run()
		},
	}
	cases := 0
	for name, give := range give {
		for _, words := range all {
			path := filepath.Join(dir, words[0])
			if out, err := exec.Command("install", "-m", "755", filepath.Join(bin, words[0]), path).CombinedOutput(); err != nil {
				t.Fatalf("%s", out)
			}
			if err := give(path); err != nil {
				t.Logf("%s: %v", name, err)
				continue
			}
			for _, args := range [][]string{{"-h"}, {"-r", secret}, {"--sandbox=report"}} {
				for _, env := range []string{"A=", `SANDBOX_SECOND_START=2 1 0 false false false 0 0 0 0 false "" "" "" "" ""`} {
					cmd := exec.Command(path, append(words[1:len(words):len(words)], args...)...)
					cmd.Env = []string{env}
					cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
					out, _ := cmd.CombinedOutput()
					if status := cmd.ProcessState.ExitCode(); status != 3 || strings.Contains(string(out), "secret text") ||
						!strings.Contains(string(out), "sandbox: ") || strings.Count(string(out), "\n") != 2 {
						t.Errorf("%s: %v %v %s: status %d, %s", name, words, args, env, status, out)
					}
					cases++
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

// Root itself, and a user with ambient capabilities, have their rights from elsewhere.
func TestRaisedIsNotMistaken(t *testing.T) {
	newPlace(t).reports("capabilities: in force")
	p := newPlace(t, strings.Fields("setpriv "+someUser+" --inh-caps=+dac_read_search,+setuid --ambient-caps=+dac_read_search,+setuid")...).ordinary()
	p.reports("capabilities: in force", "user: in force\n")
	p.works()
}
