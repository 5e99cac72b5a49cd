package cmd_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A unit is a service that runs one of the programs, or the whole chain.
type unit struct {
	settings string   // of [Service]
	command  string   // "" for the whole chain; BIN and DIR stand for the folders
	status   int      // of the command
	says     []string // what it prints
	writes   bool     // the chain has written
}

const hardened = "ProtectSystem=strict\nReadWritePaths=DIR\nNoNewPrivileges=yes\nRestrictNamespaces=yes\n"

// units are the settings of systemd.exec(5) that could be in the way.
func units() map[string]unit {
	all := map[string]unit{
		"nothing":            {settings: "", writes: true},
		"the-line":           {settings: hardened + unitLine, writes: true},
		"the-line-user":      {settings: hardened + unitLine + "\nUser=nobody", writes: true},
		"the-line-no-rights": {settings: hardened + unitLine + "\nCapabilityBoundingSet=", writes: true},
		"the-line-errno":     {settings: hardened + unitLine + "\nSystemCallErrorNumber=EPERM", writes: true},
		"much": {settings: hardened + unitLine + `
PrivateDevices=yes
PrivateNetwork=yes
ProtectHome=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_UNIX
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
UMask=0077`, writes: true},
		"hostname":      {settings: "ProtectHostname=yes", writes: true},
		"private-users": {settings: "PrivateUsers=yes", writes: true},
		"no-families":   {settings: "RestrictAddressFamilies=none", writes: true},
		"read-only": {settings: "ProtectSystem=strict", command: "BIN/sl-write --no-check --trust=none DIR/policy/local <DIR/rules",
			status: 2, says: []string{"read-only file system"}},
		"no-families-companion": {settings: "RestrictAddressFamilies=none", command: "BIN/sl-write DIR/policy/local <DIR/rules", writes: true},
		"companion":             {settings: "", command: "BIN/sl-write DIR/policy/local <DIR/rules", writes: true},
		"no-namespaces-companion": {settings: "RestrictNamespaces=yes", command: "BIN/sl-write DIR/policy/local <DIR/rules",
			status: 3, says: []string{"companion: sandbox: namespaces: ", "hint: ", "--no-check"}},
		"hostname-report": {settings: "ProtectHostname=yes", command: "BIN/sl-parse --sandbox=report",
			says: []string{"namespaces: in force: sethostname: operation not permitted", "root: in force"}},
		"follow": {settings: "RestrictNamespaces=yes", command: "BIN/sl-read -f --sandbox=report DIR/audit.log",
			says: []string{noSpaces, "companion: " + noSpaces, "companion: landlock: in force"}},
		"strict-report": {settings: "ProtectSystem=strict", command: "BIN/sl-parse --sandbox=report", says: []string{spaces}},
		"spaces-report": {settings: "RestrictNamespaces=yes", command: "BIN/sl-parse --sandbox=report", says: []string{noSpaces, noRoot, otherUser}},
		"files-limit": {settings: "LimitNOFILE=9", command: "BIN/sl-parse --sandbox=report", status: 3,
			says: []string{"NOFILE is 9, and ", "LimitNOFILE="}},
	}
	for who, user := range map[string]string{"root": "", "user": "\nUser=nobody"} {
		for _, program := range []string{"sl-read", "sl-parse", "sl-apparmor", "sl-iptables --allow", "sl-write --no-check"} {
			name, _, _ := strings.Cut(program, " ")
			command := "BIN/" + program + " --sandbox=report"
			if name == "sl-write" {
				command += " DIR/policy/local"
			}
			all[fmt.Sprintf("bare-%s-%s", name, who)] = unit{settings: hardened + "SystemCallFilter=@system-service" + user, command: command, status: 3,
				says: []string{name + ": sandbox: seccomp: the seccomp filter that this process was started under ends it at seccomp, landlock_", "SIGSYS", unitLine}}
			all[fmt.Sprintf("bare-errno-%s-%s", name, who)] = unit{settings: hardened + "SystemCallFilter=@system-service\nSystemCallErrorNumber=EPERM" + user,
				command: command, status: 3, says: []string{"refuses seccomp, landlock_", "operation not permitted", unitLine}}
			all[fmt.Sprintf("line-%s-%s", name, who)] = unit{settings: hardened + unitLine + user, command: command,
				says: []string{noSpaces, noRoot, noCaps, "landlock: in force", "seccomp: in force"}}
		}
	}
	return all
}

// A systemd of its own runs the programs in units of all these kinds.
func TestWhereSystemd(t *testing.T) {
	lookAtSources(t)
	if os.Getuid() != 0 {
		t.Skip("only root can start a systemd")
	}
	if _, err := os.Stat("/lib/systemd/systemd"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	os.Chmod(filepath.Dir(dir), 0o755)
	os.Mkdir(dir+"/units", 0o755)
	all := units()
	var services []string
	for name, u := range all {
		services = append(services, name+".service")
		work := filepath.Join(dir, name)
		u.prepare(t, work)
		u.write(t, filepath.Join(dir, "units", name+".service"), work)
	}
	slices.Sort(services)
	list := strings.Join(services, " ")
	writeFile(t, dir+"/units/check.target", "[Unit]\nDefaultDependencies=no\nWants=end.service "+list+"\n")
	writeFile(t, dir+"/units/end.service", "[Unit]\nDefaultDependencies=no\nAfter="+list+"\nSuccessAction=exit-force\n[Service]\nType=oneshot\nExecStart=/bin/true\n")
	limit, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(limit, "sh", "../testdata/where/systemd.sh", dir+"/units")
	cmd.WaitDelay = time.Second
	start := time.Now()
	out, err := cmd.CombinedOutput()
	ran := 0
	for name, u := range all {
		if u.look(t, name, filepath.Join(dir, name)) {
			ran++
		}
	}
	if ran == 0 {
		t.Skipf("systemd did not start here: %v\n%s", err, out)
	}
	if err != nil || ran != len(all) {
		t.Errorf("%d of %d units ran: %v\n%s", ran, len(all), err, out)
	}
	t.Logf("%d units in %v", ran, time.Since(start).Round(time.Millisecond))
}

// prepare makes the folder that the unit works in, everybody's.
func (u unit) prepare(t *testing.T, work string) {
	t.Helper()
	for _, name := range []string{work, work + "/policy", work + "/policy/local"} {
		if err := os.Mkdir(name, 0o755); err != nil {
			t.Fatal(err)
		}
		os.Chmod(name, 0o777)
	}
	log, err := os.ReadFile("../testdata/logs/audit.log")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, work+"/audit.log", string(log))
	writeFile(t, work+"/rules", oneRule)
}

func (u unit) write(t *testing.T, path, work string) {
	t.Helper()
	command := u.command
	if command == "" {
		command = "BIN/sl-read DIR/audit.log | BIN/sl-parse | BIN/sl-apparmor | BIN/sl-iptables --allow | BIN/sl-write --no-check --trust=none DIR/policy/local"
	}
	text := fmt.Sprintf("[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=-/bin/sh -c '%s; echo status $?'\n"+
		"StandardOutput=file:%s/out\nStandardError=file:%s/out\n%s\n", strings.ReplaceAll(command, "$", "$$"), work, work, u.settings)
	writeFile(t, path, strings.NewReplacer("BIN", bin, "DIR", work).Replace(text))
}

// look compares what the unit has left with what it should, and reports whether it ran.
func (u unit) look(t *testing.T, name, work string) bool {
	t.Helper()
	out, err := os.ReadFile(work + "/out")
	if err != nil || len(out) == 0 {
		t.Logf("%s: did not run", name)
		return false
	}
	wants := u.says
	if u.command != "" {
		wants = append(wants[:len(wants):len(wants)], fmt.Sprintf("status %d\n", u.status))
	}
	for _, w := range wants {
		if !strings.Contains(string(out), w) {
			t.Errorf("%s: no %q in\n%s", name, w, out)
		}
	}
	if files, _ := os.ReadDir(work + "/policy/local"); u.writes != (len(files) > 0) {
		t.Errorf("%s: %d files were written\n%s", name, len(files), out)
	}
	return true
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
