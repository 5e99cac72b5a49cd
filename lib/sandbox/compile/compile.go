//go:build seccomp

package main

import (
	"fmt"
	"io"
	"os"

	seccomp "github.com/seccomp/libseccomp-golang"
	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/sandbox/calls"
)

// Go's name of each architecture, and libseccomp's.
var architectures = map[string]seccomp.ScmpArch{
	"amd64": seccomp.ArchAMD64,
	"arm64": seccomp.ArchARM64,
}

// compile returns the program of p: allow what is listed, kill the process at
// anything else (or refuse it) and at any call of a foreign architecture.
func compile(p calls.Policy, arch string) ([]byte, error) {
	other := seccomp.ActKillProcess
	if p.Tolerant {
		other = seccomp.ActErrno.SetReturnCode(int16(unix.ENOSYS))
	}
	f, err := seccomp.NewFilter(other)
	if err != nil {
		return nil, err
	}
	defer f.Release()
	if err := useOnly(f, architectures[arch]); err != nil {
		return nil, err
	}
	if err := f.SetBadArchAction(seccomp.ActKillProcess); err != nil {
		return nil, err
	}
	if err := f.SetOptimize(2); err != nil { // a binary tree over the calls
		return nil, err
	}
	for _, c := range p.Calls {
		if err := addRule(f, c, seccomp.ActAllow); err != nil {
			return nil, err
		}
	}
	for _, c := range p.Never {
		if err := addRule(f, c, seccomp.ActKillProcess); err != nil {
			return nil, err
		}
	}
	for _, r := range p.Refused {
		if err := addRule(f, r.Call, seccomp.ActErrno.SetReturnCode(int16(r.Errno))); err != nil {
			return nil, err
		}
	}
	return export(f)
}

// addRule is exact: a rule that cannot be expressed as it stands is an error.
func addRule(f *seccomp.ScmpFilter, c calls.Call, action seccomp.ScmpAction) error {
	nr, err := seccomp.GetSyscallFromName(c.Name)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if len(c.When) == 0 {
		err = f.AddRuleExact(nr, action)
	} else {
		err = f.AddRuleConditionalExact(nr, action, conditions(c.When))
	}
	if err != nil {
		return fmt.Errorf("%s (%s): %w", c.Name, c.Why, err)
	}
	return nil
}

func useOnly(f *seccomp.ScmpFilter, arch seccomp.ScmpArch) error {
	native, err := seccomp.GetNativeArch()
	if err != nil || native == arch {
		return err
	}
	if err := f.AddArch(arch); err != nil {
		return err
	}
	return f.RemoveArch(native)
}

func conditions(conds []calls.Cond) []seccomp.ScmpCondition {
	out := make([]seccomp.ScmpCondition, 0, len(conds))
	for _, c := range conds {
		s := seccomp.ScmpCondition{Argument: c.Arg, Operand1: c.Value}
		switch c.Op {
		case calls.Equal:
			s.Op = seccomp.CompareEqual
		case calls.AtMost:
			s.Op = seccomp.CompareLessOrEqual
		case calls.Masked:
			s.Op, s.Operand1, s.Operand2 = seccomp.CompareMaskedEqual, c.Mask, c.Value
		}
		out = append(out, s)
	}
	return out
}

// export goes through a file, for ExportBPFMem needs libseccomp 2.6.
func export(f *seccomp.ScmpFilter) ([]byte, error) {
	file, err := os.CreateTemp("", "sandbox-*.bpf")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := f.ExportBPF(file); err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(file)
}
