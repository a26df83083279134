# nix-env -f den.nix -i, or (import ./den.nix { inherit pkgs; }) in a
# configuration.
{ pkgs ? import <nixpkgs> { } }:

let
  version = "{{.Version}}";
  sources = {
    x86_64-linux = { archive = "{{call .Archive "linux/amd64"}}"; sha256 = "{{index .Sums "linux/amd64"}}"; };
    aarch64-linux = { archive = "{{call .Archive "linux/arm64"}}"; sha256 = "{{index .Sums "linux/arm64"}}"; };
    armv7l-linux = { archive = "{{call .Archive "linux/armv7"}}"; sha256 = "{{index .Sums "linux/armv7"}}"; };
    riscv64-linux = { archive = "{{call .Archive "linux/riscv64"}}"; sha256 = "{{index .Sums "linux/riscv64"}}"; };
    x86_64-darwin = { archive = "{{call .Archive "darwin/amd64"}}"; sha256 = "{{index .Sums "darwin/amd64"}}"; };
    aarch64-darwin = { archive = "{{call .Archive "darwin/arm64"}}"; sha256 = "{{index .Sums "darwin/arm64"}}"; };
  };
  system = pkgs.stdenv.hostPlatform.system;
  source = sources.${system} or (throw "den has no archive for ${system}");
in
pkgs.stdenv.mkDerivation {
  pname = "den";
  inherit version;
  src = pkgs.fetchurl { url = source.archive; inherit (source) sha256; };
  dontConfigure = true;
  dontBuild = true;
  dontStrip = true;
  installPhase = ''
    runHook preInstall
    mkdir -p $out
    cp -r bin share $out/
    runHook postInstall
  '';
  meta = {
    description = "{{.Summary}}";
    homepage = "{{.URL}}";
    license = pkgs.lib.licenses.mit;
    mainProgram = "den";
    platforms = builtins.attrNames sources;
  };
}
