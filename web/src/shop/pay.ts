import { mount, pathTail } from "./mount";
import PayPage from "./PayPage.vue";

mount(PayPage, { number: pathTail() });
