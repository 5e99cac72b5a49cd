package cmd_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// denials is an audit.log with n different denials.
func denials(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `type=AVC msg=audit(1779839263.396:%d): apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd" name="/etc/f%d" pid=1288 comm="cupsd" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`+"\n", i, i)
	}
	return b.Bytes()
}

// TestKill kills each process of a chain at many moments. Either the chain had
// come to its end, and the target has every rule; or it says 2 at its end, and
// the target is as it was.
func TestKill(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("an audit.log that only root can write needs root")
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "audit.log")
	if err := os.WriteFile(log, denials(3000), 0o600); err != nil {
		t.Fatal(err)
	}
	stages := [][]string{{"sl-read", "--audit=" + log}, {"sl-parse"}, {"sl-apparmor"}, {"sl-write", filepath.Join(dir, "local")}}
	target := filepath.Join(dir, "local", "usr.sbin.cupsd")
	by := "# by hand\n"
	var whole []byte
	outcomes := map[string]int{}
	for victim := -1; victim < len(stages); victim++ {
		for moment := range 12 {
			os.MkdirAll(filepath.Dir(target), 0o755)
			if err := os.WriteFile(target, []byte(by), 0o644); err != nil {
				t.Fatal(err)
			}
			statuses := runChain(t, stages, victim, time.Duration(moment)*4*time.Millisecond)
			got, err := os.ReadFile(target)
			if err != nil {
				t.Fatal(err)
			}
			last := statuses[len(statuses)-1]
			switch {
			case victim < 0:
				whole = got
				if last != 0 || bytes.Count(got, []byte("\n")) < 3000 {
					t.Fatalf("nobody was killed, yet status %d and %d bytes", last, len(got))
				}
			case bytes.Equal(got, whole):
				outcomes["whole"]++
				if last != 0 && last != -1 {
					t.Errorf("stage %d killed: everything was written, yet status %d", victim, last)
				}
			case string(got) == by:
				outcomes["as it was"]++
				if last != 2 && (victim != len(stages)-1 || last != -1) {
					t.Errorf("stage %d killed: nothing was written, yet status %d, want 2", victim, last)
				}
			default:
				t.Fatalf("stage %d killed: the target is neither old nor new:\n%.300s", victim, got)
			}
			left, _ := filepath.Glob(filepath.Join(dir, "local", "*"))
			if len(left) != 1 {
				t.Errorf("stage %d killed: left behind: %v", victim, left)
			}
			if victim < 0 {
				break
			}
		}
	}
	if outcomes["as it was"] == 0 {
		t.Errorf("nobody was killed in time: %v", outcomes)
	}
	t.Logf("outcomes: %v", outcomes)
}

// runChain runs stages joined by pipes and kills one of them after a while. The
// status of one that was killed is -1.
func runChain(t *testing.T, stages [][]string, victim int, after time.Duration) []int {
	t.Helper()
	var cmds []*exec.Cmd
	var in *os.File
	for i, argv := range stages {
		cmd := exec.Command(filepath.Join(bin, argv[0]), argv[1:]...)
		if in != nil {
			cmd.Stdin = in
		}
		var r, w *os.File
		if i < len(stages)-1 {
			var err error
			if r, w, err = os.Pipe(); err != nil {
				t.Fatal(err)
			}
			cmd.Stdout = w
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if in != nil {
			in.Close()
		}
		if w != nil {
			w.Close()
		}
		in = r
		cmds = append(cmds, cmd)
	}
	if victim >= 0 {
		time.Sleep(after)
		cmds[victim].Process.Signal(syscall.SIGKILL)
	}
	var statuses []int
	for _, cmd := range cmds {
		cmd.Wait()
		statuses = append(statuses, cmd.ProcessState.ExitCode())
	}
	return statuses
}
