import { mount } from "./ui/app/mount";

const root = document.getElementById("root");
if (root) mount(root);
