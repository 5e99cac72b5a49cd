package sandbox

import _ "embed" // the compiled policies

//go:embed bpf/pure_arm64.bpf
var pureProgram []byte

//go:embed bpf/read_arm64.bpf
var readProgram []byte

//go:embed bpf/write_arm64.bpf
var writeProgram []byte

//go:embed bpf/wait_arm64.bpf
var waitProgram []byte

//go:embed bpf/follow_arm64.bpf
var followProgram []byte

//go:embed bpf/open_arm64.bpf
var openProgram []byte

//go:embed bpf/run_arm64.bpf
var runProgram []byte

//go:embed bpf/run-network_arm64.bpf
var runNetworkProgram []byte
